"""Beginning with the usual reasons and touch kinds: once, for whoever configures, and nothing twice."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from accounts.models import User
from common.refusals import NotAllowed
from leads.engine.usual import REASONS, TOUCH_KINDS
from leads.models import Reason, TouchKind
from leads.services import catalogue, usual
from leads.services.catalogue import ReasonFields
from sla.engine.starter import Answers, Cover, Cycle, Reps, propose
from sla.queries.starter import company
from tests.accounts.people import make_member, make_person, make_team
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ADDS = [
    pytest.param(usual.add_usual_reasons, Reason, len(REASONS), id="reasons"),
    pytest.param(usual.add_usual_touch_kinds, TouchKind, len(TOUCH_KINDS), id="kinds"),
]


@pytest.fixture
def operations() -> User:
    return make_person(role="operations")


def test_every_verb_that_asks_why_has_usual_reasons_of_different_names() -> None:
    assert {said.verb for said in REASONS} == set(Reason.Verb.values)
    for rows in (
        [(said.verb, said.key) for said in REASONS],
        [(said.verb, said.label.casefold()) for said in REASONS],
        [kind.key for kind in TOUCH_KINDS],
        [kind.label.casefold() for kind in TOUCH_KINDS],
    ):
        assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(("add", "model", "count"), ADDS)
def test_the_usual_ones_are_added_once(add: Any, model: Any, count: int, operations: User) -> None:
    assert [add(by=operations), add(by=operations)] == [count, 0]
    assert model.objects.count() == count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("add", "model", "count"), ADDS)
def test_two_who_add_them_at_once_double_nothing(add: Any, model: Any, count: int) -> None:
    people = [make_person(role="operations"), make_person(role="admin")]

    assert sorted(at_once([lambda by=by: add(by=by) for by in people])) == [0, count]
    assert model.objects.count() == count


@pytest.mark.parametrize(("add", "model", "count"), ADDS)
def test_marketing_does_not_add_them(add: Any, model: Any, count: int) -> None:
    with pytest.raises(NotAllowed):
        add(by=make_member(make_team(function="demand"), "marketing_manager"))

    assert model.objects.count() == 0


def test_a_verb_that_has_reasons_keeps_to_them(operations: User) -> None:
    own = catalogue.add_reason("reject", ReasonFields("Too far away", next_step="close"), by=operations)

    usual.add_usual_reasons(by=operations)

    assert list(Reason.objects.filter(verb="reject")) == [own]
    assert Reason.objects.filter(verb="pause").exists()


def test_one_own_kind_is_a_beginning_of_one_s_own(operations: User) -> None:
    catalogue.write_touch_kind(None, label="Fax", hand_raise=True, by=operations)

    assert (usual.add_usual_touch_kinds(by=operations), TouchKind.objects.count()) == (0, 1)


def test_each_usual_reason_can_be_edited_and_all_but_the_last_retired(operations: User) -> None:
    usual.add_usual_reasons(by=operations)

    for row in Reason.objects.filter(is_active=True):
        fields = {name: getattr(row, name) for name in asdict(ReasonFields(""))}
        catalogue.revise_reason(row, ReasonFields(**fields | {"label": f"{row.label}!"}), by=operations)
    for row in Reason.objects.filter(is_active=True, key="other"):
        catalogue.retire_reason(row, by=operations)

    assert Reason.objects.filter(version=2).count() == len(REASONS)
    assert set(Reason.objects.filter(is_active=True).values_list("verb", flat=True)) == set(
        Reason.Verb.values
    )


def test_the_starter_contract_finds_its_tiers_among_the_usual_kinds(operations: User) -> None:
    usual.add_usual_touch_kinds(by=operations)

    promises = propose(Answers(Cycle.MONTHS, Reps.SOME, Cover.OFFICE), company())

    tiers = [one for one in promises if one.node["kind"] == "first_response"]
    assert [one.key for one in tiers] == ["raised", "attended", "rest"]
    assert tiers[1].node["segment"]["value"] == ["event", "trade_fair", "webinar"]
