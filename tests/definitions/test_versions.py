"""Agreeing on a version: two sides, each for itself, one version in force."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from common.refusals import Conflict, NotAllowed
from definitions.models import DefinitionVersion
from definitions.services import versions
from tests.factories import (
    EVERYBODY,
    NOON,
    make_definition,
    make_marketer,
    make_member,
    make_person,
    make_team,
)

pytestmark = pytest.mark.django_db


def managers() -> tuple[User, User]:
    return (
        make_member(make_team(function="demand"), "marketing_manager"),
        make_member(make_team(function="sales"), "sales_manager"),
    )


def proposed(**fields: object) -> DefinitionVersion:
    return make_definition(status="proposed", effective_from=None, **fields)


def test_a_version_is_in_force_once_both_sides_have_signed() -> None:
    elise, dana = managers()
    old, new = make_definition(), proposed()

    versions.sign(new, by=elise, at=NOON)
    half = DefinitionVersion.objects.get(pk=new.pk).status
    versions.sign(new, by=dana, at=NOON)

    old.refresh_from_db()
    new.refresh_from_db()
    assert half == "proposed"
    assert (new.status, new.effective_from) == ("active", NOON)
    assert (old.status, old.effective_until) == ("superseded", NOON)


def test_nobody_signs_for_the_other_side() -> None:
    elise, _ = managers()

    with pytest.raises(NotAllowed):
        versions.sign(proposed(), by=elise, side="sales", at=NOON)


def test_whoever_manages_both_sides_signs_for_one() -> None:
    elise, _ = managers()
    make_member(make_team(function="sales"), "sales_manager", person=elise)
    version = proposed()
    versions.sign(version, by=elise, side="marketing", at=NOON)

    with pytest.raises(NotAllowed, match="Two people sign"):
        versions.sign(version, by=elise, side="sales", at=NOON)


@pytest.mark.parametrize("role", ["operations", "admin", "read_only", ""])
def test_people_without_a_side_cannot_sign(role: str) -> None:
    with pytest.raises(NotAllowed):
        versions.sign(proposed(), by=make_person(role=role), at=NOON)


def test_a_rep_and_a_marketer_cannot_sign() -> None:
    for person in (make_marketer(), make_member(make_team())):
        with pytest.raises(NotAllowed):
            versions.sign(proposed(), by=person, at=NOON)


def test_one_side_signs_once() -> None:
    elise, _ = managers()
    version = proposed()
    versions.sign(version, by=elise, at=NOON)

    with pytest.raises(Conflict, match="already signed"):
        versions.sign(version, by=elise, at=NOON)


def test_a_draft_cannot_be_signed_before_it_is_proposed() -> None:
    elise, _ = managers()
    draft = make_definition(status="draft", effective_from=None)

    with pytest.raises(Conflict):
        versions.sign(draft, by=elise, at=NOON)
    versions.propose(draft, by=make_person(role="operations"), at=NOON)
    versions.sign(draft, by=elise, at=NOON)

    assert draft.signatures.count() == 1


def test_a_start_in_the_future_waits_for_its_moment() -> None:
    elise, dana = managers()
    version = make_definition(status="proposed", effective_from=NOON + timedelta(days=2))
    versions.sign(version, by=elise, at=NOON)
    versions.sign(version, by=dana, at=NOON)

    before = versions.activate_due(at=NOON + timedelta(days=1))
    after = versions.activate_due(at=NOON + timedelta(days=2))

    version.refresh_from_db()
    assert (before, after, version.status) == (0, 1, "active")


def test_one_active_version_per_definition_is_a_constraint() -> None:
    make_definition()

    with pytest.raises(IntegrityError, match="one_active_definition_version"), transaction.atomic():
        make_definition()


@pytest.mark.parametrize("key", ["mql", "sql"])
def test_the_page_says_the_criteria_in_sentences(client, key: str) -> None:
    make_definition(
        {"all": [{"fact": "company.employees", "op": "between", "value": [200, 5000]}, EVERYBODY]}, key=key
    )
    client.force_login(make_person())

    page = client.get(f"/definitions/{key}/")

    assert page.status_code == 200
    assert "Company has 200 to 5,000 employees" in page.content.decode()


def test_without_a_version_the_page_says_what_to_do(client) -> None:
    client.force_login(make_person())

    page = client.get("/definitions/mql/")

    assert page.status_code == 200
    assert "Nothing is agreed yet" in page.content.decode()
    assert "A manager of either side, operations or an admin begins." in page.content.decode()


def test_who_may_write_the_first_version_is_not_told_who_else_may(client) -> None:
    client.force_login(managers()[0])

    page = client.get("/definitions/mql/").content.decode()

    assert ("Write the first one" in page, "operations or an admin begins" in page) == (True, False)


def test_only_who_may_sign_sees_the_button_and_another_is_refused(client) -> None:
    elise, _ = managers()
    version = proposed()
    address = f"/definitions/mql/{version.number}/"

    client.force_login(elise)
    assert "for marketing" in client.get(address).content.decode()
    client.force_login(make_person())
    assert "for marketing" not in client.get(address).content.decode()
    assert client.post(f"{address}sign/", {"side": "marketing"}).status_code == 403


def test_an_unknown_version_is_not_found(client) -> None:
    make_definition()
    client.force_login(make_person())

    assert client.get("/definitions/mql/999/").status_code == 404
    assert client.get("/definitions/zzz/").status_code == 404


def test_a_version_says_whether_it_is_was_or_will_be_in_force(client) -> None:
    client.force_login(make_person())
    old = make_definition(status="superseded", effective_until=NOON)
    later = make_definition(status="signed", effective_from=NOON)
    every = (old, make_definition(effective_from=NOON), proposed(), later)

    pages = [client.get(f"/definitions/mql/{one.number}/").content.decode() for one in every]

    said = ("Was in force from <time", "In force since <time", "In force once both have signed.",
            "Both have signed. In force from <time")  # fmt: skip
    assert [[words in page for words in said] for page in pages] == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
        [False, False, False, True],
    ]
