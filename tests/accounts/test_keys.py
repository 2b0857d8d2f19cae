"""API keys: what is stored, who may, and the command that prints one (S27)."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from accounts.services import keys
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed
from tests.accounts.people import make_person

pytestmark = pytest.mark.django_db


def test_a_key_is_stored_as_prefix_and_digest_only() -> None:
    row, secret = keys.create(make_person(), scopes=["leads:read"], name="Website forms")

    stored = ApiKey.objects.values().get()
    assert (row.digest, secret.startswith(row.prefix + "_")) == (sha256(secret.encode()).hexdigest(), True)
    assert len(secret.rpartition(row.prefix + "_")[2]) == 43  # 256 random bits
    assert secret not in str(stored)


def test_two_keys_share_nothing() -> None:
    person = make_person()

    first, second = (keys.create(person, scopes=["all"])[1] for _ in range(2))

    assert first != second


def test_a_key_with_a_changed_end_is_not_recognised() -> None:
    _, secret = keys.create(make_person(), scopes=["all"])

    assert (keys.recognise(secret) is None, keys.recognise(secret[:-1] + "!")) == (False, None)


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (["leads:write", "leads:read", "leads:read"], ["leads:read", "leads:write"]),
        (["leads:read", "all"], ["all"]),
        ([" clocks:read "], ["clocks:read"]),
    ],
)
def test_scopes_are_kept_once_in_their_order(chosen: list[str], kept: list[str]) -> None:
    assert keys.create(make_person(), scopes=chosen)[0].scopes == kept


@pytest.mark.parametrize("chosen", [[], [""], ["leads:delete"], ["ALL"]])
def test_scopes_that_do_not_exist_are_refused(chosen: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        keys.create(make_person(), scopes=chosen)

    assert list(refused.value.errors) == ["scopes"]


@pytest.mark.parametrize(
    "scope", ["all", "leads:write", "touches:write", "handoffs:write", "definitions:write"]
)
def test_the_key_of_a_read_only_person_has_no_scope_that_writes(scope: str) -> None:
    """S6: nor after the person gets another role."""
    person = make_person(role="read_only")

    with pytest.raises(Invalid) as refused:
        keys.create(person, scopes=["leads:read", scope])

    assert (list(refused.value.errors), ApiKey.objects.count()) == (["scopes"], 0)
    assert keys.create(person, scopes=["leads:read", "metrics:read"])[0].scopes == [
        "leads:read",
        "metrics:read",
    ]


def test_no_key_is_made_for_somebody_who_cannot_sign_in() -> None:
    with pytest.raises(Invalid):
        keys.create(make_person(is_active=False), scopes=["all"])


def test_a_key_cannot_end_before_it_begins() -> None:
    with pytest.raises(Invalid):
        keys.create(make_person(), scopes=["all"], expires_at=database_now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("role", "may"), [("", False), ("read_only", False), ("operations", True), ("admin", True)]
)
def test_a_key_is_revoked_by_its_person_or_who_configures(role: str, may: bool) -> None:
    key, _ = keys.create(make_person(), scopes=["all"])

    if may:
        keys.revoke(key, by=make_person(role=role))
    else:
        with pytest.raises(NotAllowed):
            keys.revoke(key, by=make_person(role=role))

    key.refresh_from_db()
    assert (key.revoked_at is not None) == may


def test_the_command_prints_the_key_alone() -> None:
    make_person(email="lena@example.com")
    printed = StringIO()

    call_command(
        "api_key", "create", "--for", "Lena@example.com", "--scopes", "leads:read,leads:write", stdout=printed
    )

    key = keys.recognise(printed.getvalue().strip())
    assert key is not None
    assert (key.person.email, key.scopes) == ("lena@example.com", ["leads:read", "leads:write"])


@pytest.mark.parametrize(
    ("email", "scopes"),
    [("nobody@example.com", "all"), ("lena@example.com", "leads"), ("lena@example.com", "")],
)
def test_the_command_refuses_what_does_not_exist(email: str, scopes: str) -> None:
    make_person(email="lena@example.com")

    with pytest.raises(CommandError):
        call_command("api_key", "create", "--for", email, "--scopes", scopes)
