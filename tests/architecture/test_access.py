"""Every route by every role by every method (S1, S2, I02): closed unless declared open, and never a 500."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import keys
from leads.models import Deal, LeadEvent
from tests.architecture.routes import Route, routes
from tests.factories import (
    NOON,
    make_campaign,
    make_company,
    make_definition,
    make_field,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_reason,
    make_team,
    make_touch_kind,
)

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
WRITES = METHODS[1:]

# Open to everyone: signing in, and what machines ask.
PUBLIC = ("health", "account_", "mfa_authenticate", "accounts:start", "demo-sign-in")
# Everyone's own things, which a read-only person may change too.
OWN = (
    "account_",
    "mfa_",
    "accounts:theme",
    "accounts:settings-you",
    "accounts:key-",  # a key never does more than its person
    "notifications:",
    "desk:view-",
    "demo-sign-in",
    "accounts:start",
)
ROLES = (
    "rep",
    "other team's rep",
    "sales manager",
    "marketing",
    "marketing manager",
    "operations",
    "admin",
    "read-only",
)


class UndoneError(Exception):
    """Raised to roll one request back."""


@pytest.fixture
def world() -> dict[str, Any]:
    """One of everything, and one person of each role."""
    team, other, demand = (
        make_team(name="Mid-market"),
        make_team(name="Enterprise"),
        make_team(function="demand"),
    )
    rep = make_member(team)
    company, campaign = make_company(), make_campaign()
    handoff = make_offer(team, rep, lead=make_mql(company=company))
    deal = Deal.objects.create(name="Pumps", company=company, currency="USD", opened_at=NOON)
    version = make_definition()
    reason, kind = make_reason("reject", "wrong"), make_touch_kind("webinar")
    known = {
        "leads/": handoff.lead.public_id, "handoffs/": handoff.public_id, "companies/": company.public_id,
        "deals/": deal.public_id, "qualifications/": handoff.qualification.public_id, "people/": rep.public_id,
        "teams/": team.public_id, "members/": rep.public_id, "calendars/": team.calendar.public_id,
        "campaigns/": campaign.slug, "reasons/": reason.verb, "key": reason.key, "touch-kinds/": kind.key,
        "fields/": make_field("sites").name,
        "definitions/": "mql", "mql/": version.number, "number": version.number, "verb": "reject",
        "slug": "win-rate", "metrics/": "win-rate", "signals/": "month-end", "kind": "volume", "year": "2026",
    }  # fmt: skip
    people = {
        "rep": rep,
        "other team's rep": make_member(other),
        "sales manager": make_member(team, "sales_manager"),
        "marketing": make_member(demand, "marketing"),
        "marketing manager": make_member(demand, "marketing_manager"),
        "operations": make_person(role="operations"),
        "admin": make_person(role="admin"),
        "read-only": make_person(role="read_only"),
    }
    return {"known": {key: str(value) for key, value in known.items()}, "people": people}


@contextmanager
def rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise UndoneError
    except UndoneError:
        pass


def ask(client: Client, method: str, route: Route, known: dict[str, str], **headers: str) -> HttpResponse:
    content = (
        {} if method == "get" else {"content_type": "application/json"} if "/api/" in f"/{route.path}" else {}
    )
    answer: HttpResponse = getattr(client, method)(route.address(known), headers=headers or None, **content)
    return answer


def walk(
    client: Client, known: dict[str, str], methods: tuple[str, ...], **headers: str
) -> Iterator[tuple[Route, str, Any]]:
    for route in routes():
        if route.name == "account_logout":
            continue  # it would end the walk; its own test signs out
        for method in methods:
            with rolled_back():
                yield route, method, ask(client, method, route, known, **headers)


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def test_nobody_passes_without_signing_in(world) -> None:
    open_to_all = []
    for route, method, answer in walk(Client(raise_request_exception=False), world["known"], METHODS):
        to_login = answer.status_code == 302 and "/login/" in answer["Location"]
        refused = to_login or answer.status_code in (401, 404, 405)
        if not refused and not route.name.startswith(PUBLIC):
            open_to_all.append((route.name, method, answer.status_code))

    assert open_to_all == []


@pytest.mark.parametrize("role", ROLES)
def test_no_route_fails_for_any_role_and_method(world, role: str) -> None:
    failed = [
        (route.name, method, answer.status_code)
        for route, method, answer in walk(signed_in(world["people"][role]), world["known"], ("get", "post"))
        if answer.status_code >= 500
        and not route.name.startswith("health")  # 503 says that nothing sweeps here
    ]

    assert failed == []


def test_a_read_only_person_changes_nothing_but_their_own_settings(world) -> None:
    before, allowed = LeadEvent.objects.count(), []
    for route, method, answer in walk(signed_in(world["people"]["read-only"]), world["known"], WRITES):
        if answer.status_code not in (403, 404, 405) and not route.name.startswith(OWN):
            allowed.append((route.name, method, answer.status_code))

    assert allowed == []
    assert LeadEvent.objects.count() == before


def test_a_deactivated_person_is_signed_out_at_once(world) -> None:
    client = signed_in(world["people"]["rep"])
    User.objects.filter(pk=world["people"]["rep"].pk).update(is_active=False)

    passed = [
        (route.name, answer.status_code)
        for route, _, answer in walk(client, world["known"], ("get",))
        if answer.status_code == 200 and not route.name.startswith(PUBLIC)
    ]

    assert passed == []


def test_a_reading_key_writes_nothing(world) -> None:
    _, secret = keys.create(world["people"]["admin"], scopes=["leads:read"])
    known = world["known"]
    allowed = []
    for route, method, answer in walk(
        Client(raise_request_exception=False), known, WRITES, Authorization=f"Bearer {secret}"
    ):
        if route.name.startswith("api:") and answer.status_code not in (302, 403, 405):
            allowed.append((route.name, method, answer.status_code))

    assert allowed == []


def test_a_key_opens_no_page(world) -> None:
    _, secret = keys.create(world["people"]["admin"], scopes=["all"])

    opened = [
        route.name
        for route, _, answer in walk(Client(), world["known"], ("get",), Authorization=f"Bearer {secret}")
        if answer.status_code == 200 and not route.name.startswith(("api:", *PUBLIC))
    ]

    assert opened == []
