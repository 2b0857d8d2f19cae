"""What a version changes against the one in force, and putting a draft before both sides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from definitions.catalogue import catalogue
from definitions.engine import codec
from definitions.engine.changes import Changes, compare
from definitions.models import DefinitionVersion
from tests.factories import make_definition, make_member, make_person, make_team

pytestmark = pytest.mark.django_db


def asks(fact: str, value: object, op: str = "eq") -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


SIZE, BIGGER = asks("company.employees", 200, "gte"), asks("company.employees", 500, "gte")
NORWAY, WEBINAR = asks("lead.country", "NO"), {
    "touches": {"kind": None, "campaign": None, "within_days": 30}, "op": "gte", "value": 1
}  # fmt: skip


def make_version(criteria: dict[str, Any], number: int, **fields: Any) -> DefinitionVersion:
    version: DefinitionVersion = make_definition(criteria, **fields)
    version.number = number
    version.save()
    return version


def compared(now: dict[str, Any], before: dict[str, Any]) -> tuple[int, int, int]:
    trees = [codec.parse_file({"criteria": tree}, catalogue).criteria for tree in (now, before)]
    found = compare(*trees)
    return len(found.added), len(found.changed), len(found.removed)


@pytest.mark.parametrize(
    ("now", "before", "counts"),
    [
        ({"all": [SIZE]}, {"all": [SIZE]}, (0, 0, 0)),
        ({"all": [SIZE, NORWAY]}, {"all": [SIZE]}, (1, 0, 0)),
        ({"all": [SIZE]}, {"all": [SIZE, NORWAY]}, (0, 0, 1)),
        ({"all": [BIGGER]}, {"all": [SIZE]}, (0, 1, 0)),
        ({"all": [BIGGER, WEBINAR]}, {"any": [SIZE, NORWAY]}, (1, 1, 1)),
        ({"all": [{"not": NORWAY}]}, {"all": [NORWAY]}, (1, 0, 1)),
        ({"not": {"not": NORWAY}}, {"all": [NORWAY]}, (0, 0, 0)),
        ({"any": [SIZE, NORWAY]}, {"all": [NORWAY, SIZE]}, (0, 0, 0)),
    ],
    ids=["same", "added", "removed", "changed", "all three", "turned round", "twice turned", "joined otherwise"],
)  # fmt: skip
def test_tests_are_compared(now: dict[str, Any], before: dict[str, Any], counts: tuple[int, ...]) -> None:
    assert compared(now, before) == counts


def page(person: User, number: int) -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse("definitions:version", args=["mql", number])).content.decode()


def test_a_proposed_version_says_what_it_changes() -> None:
    make_version({"all": [SIZE, NORWAY]}, 1)
    make_version({"all": [BIGGER, WEBINAR]}, 2, status="proposed", effective_from=None)

    shown = page(make_person(), 2)

    assert "Against v1: 1 changed, 1 added, 1 removed" in shown
    assert [shown.count(f'">{mark}</span>') for mark in ("Changed", "Added", "Removed")] == [1, 1, 1]
    assert "(was: Company has at least 200 employees)" in shown
    assert "Against v1" not in page(make_person(), 1)


def test_criteria_that_are_only_joined_otherwise_are_not_called_the_same() -> None:
    make_version({"all": [SIZE, NORWAY]}, 1)
    make_version({"any": [SIZE, NORWAY]}, 2, status="proposed", effective_from=None)

    assert "Against v1: joined otherwise" in page(make_person(), 2)


def test_a_version_of_old_is_compared_with_nothing() -> None:
    make_version({"all": [SIZE]}, 2)
    make_version({"all": [NORWAY]}, 1, status="superseded")

    assert "Against" not in page(make_person(), 1)
    assert Changes() == compare(codec.parse_file({"criteria": SIZE}, catalogue).criteria,
                                codec.parse_file({"criteria": SIZE}, catalogue).criteria)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "status"), [("operations", 302), ("sales_manager", 302), ("rep", 403), ("read_only", 403)]
)
def test_operations_and_managers_propose_a_draft(role: str, status: int) -> None:
    make_version({"all": [SIZE]}, 1)
    draft = make_version({"all": [NORWAY]}, 2, status="draft", effective_from=None)
    person = make_member(make_team(), role) if role in ("rep", "sales_manager") else make_person(role=role)
    client = Client()
    client.force_login(person)

    offered = "Propose v2" in page(person, 2)
    answer = client.post(reverse("definitions:propose", args=["mql", 2]))

    draft.refresh_from_db()
    done = status == 302
    assert (answer.status_code, offered) == (status, done)
    assert draft.status == (DefinitionVersion.Status.PROPOSED if done else DefinitionVersion.Status.DRAFT)
