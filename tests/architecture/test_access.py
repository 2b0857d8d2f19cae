"""Every route by every method (S1, I02): closed unless declared open, to strangers, leavers and small keys."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import keys
from tests.architecture.world import METHODS, WRITES, World, make_world, signed_in, walk

pytestmark = pytest.mark.django_db

# Open to everyone: signing in, and what machines ask.
PUBLIC = ("health", "account_", "mfa_authenticate", "accounts:start", "demo-sign-in")
# Everyone's own things, which a read-only person may change too.
OWN = (
    "account_",
    "mfa_",
    "accounts:theme",
    "accounts:settings-you",
    "accounts:session",
    "accounts:key-",  # a key never does more than its person
    "notifications:",
    "desk:view-",
    "demo-sign-in",
    "accounts:start",
)

BY_SCRIPT = {"HX-Request": "true"}  # forms of plain HTML know no other methods than GET and POST


@pytest.fixture
def world() -> World:
    return make_world()


def test_nobody_passes_without_signing_in(world) -> None:
    open_to_all = []
    for route, method, answer in walk(Client(raise_request_exception=False), world, METHODS):
        to_login = answer.status_code == 302 and "/login/" in answer["Location"]
        refused = to_login or answer.status_code in (401, 404, 405)
        if not refused and not route.name.startswith(PUBLIC):
            open_to_all.append((route.name, method, answer.status_code))

    assert open_to_all == []


def test_a_read_only_person_changes_nothing_but_their_own_settings(world) -> None:
    """By other methods than POST, of which `test_permissions` knows more."""
    reader = signed_in(world["people"]["read-only"])

    allowed = [
        (route.name, method, answer.status_code)
        for route, method, answer in walk(reader, world, ("put", "patch", "delete"), **BY_SCRIPT)
        if answer.status_code not in (403, 404, 405) and not route.name.startswith(OWN)
    ]

    assert allowed == []


def test_a_deactivated_person_is_signed_out_at_once(world) -> None:
    client = signed_in(world["people"]["rep"])
    User.objects.filter(pk=world["people"]["rep"].pk).update(is_active=False)

    passed = [
        (route.name, answer.status_code)
        for route, _, answer in walk(client, world, ("get",))
        if answer.status_code == 200 and not route.name.startswith(PUBLIC)
    ]

    assert passed == []


def test_a_reading_key_writes_nothing(world) -> None:
    _, secret = keys.create(world["people"]["admin"], scopes=["leads:read"])
    holder = Client(raise_request_exception=False)

    allowed = [
        (route.name, method, answer.status_code)
        for route, method, answer in walk(holder, world, WRITES, "api:", Authorization=f"Bearer {secret}")
        if answer.status_code not in (302, 403, 405)
    ]

    assert allowed == []


def test_a_key_opens_no_page(world) -> None:
    _, secret = keys.create(world["people"]["admin"], scopes=["all"])

    opened = [
        route.name
        for route, _, answer in walk(Client(), world, ("get",), Authorization=f"Bearer {secret}")
        if answer.status_code == 200 and not route.name.startswith(("api:", *PUBLIC))
    ]

    assert opened == []
