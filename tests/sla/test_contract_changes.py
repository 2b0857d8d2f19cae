"""What a version says otherwise than the one before it."""

from __future__ import annotations

import pytest

from leads.models import Reason
from sla.models import ContractVersion
from sla.queries import talk, terms
from sla.queries.contract_changes import Change, change_list
from sla.services import contracts
from tests.factories import HOUR, NOON, make_member, make_team
from tests.sla.makers import draft, make_contract, promise

pytestmark = pytest.mark.django_db
DEMO = {"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}


@pytest.fixture
def before() -> ContractVersion:
    return make_contract(answer=HOUR)


@pytest.fixture
def version(before) -> ContractVersion:
    return contracts.draft(by=make_member(make_team(), "sales_manager"), at=NOON)


def test_a_promise_that_only_got_another_name_is_neither_new_nor_dropped(before, version):
    version.commitments.filter(kind="answer").update(name="Answered fast", target=2 * HOUR)

    assert change_list(version, before) == [
        Change("sales", "Answered fast", "called answer 0, in 1 h", "in 2 h")
    ]


def test_promises_of_one_name_are_told_apart_and_none_is_lost_among_the_changes(before, version):
    for hours in (1, 2):
        promise(version, "answer", hours * HOUR, segment=DEMO)
    version.commitments.update(name="Answer")

    names = [term.name for term in terms.sides_of(version).sales]

    whom = "Answer, only if what caused the handoff is demo_request"
    assert names == ["Answer, every lead", f"{whom}, 2", f"{whom}, 3"]
    assert talk.promise_names(version) == names
    assert [(one.name, one.now) for one in change_list(version, before)] == [
        (names[0], "in 1 h"), (names[1], "in 1 h"), (names[2], "in 2 h"),
    ]  # fmt: skip


def test_a_goal_that_was_moved_by_less_than_a_per_cent_is_a_change():
    before, version = draft(), draft()
    promise(before, "answer", HOUR, goal="0.925")
    promise(version, "answer", HOUR, goal="0.9275")

    assert change_list(version, before) == [
        Change("sales", "answer 0", "in 1 h. 92.5% in time", "in 1 h. 92.75% in time")
    ]


def test_another_order_of_promises_is_a_change():
    before, version = draft(), draft()
    for row in (before, version):
        for number in (0, 1):
            promise(row, "answer", HOUR, segment={**DEMO, "value": f"trigger {number}"})
    version.commitments.filter(position=0).update(position=2)

    assert change_list(version, before) == [
        Change("sales", "Order of Answer", "answer 0, answer 1", "answer 1, answer 0")
    ]


def test_warnings_and_what_starts_anew_are_listed_with_the_rest(before, version):
    version.commitments.update(warnings=[60], restart_on_reassign=True)

    assert change_list(version, before) == [
        Change("sales", "answer 0", "in 1 h", "in 1 h. Starts anew when reassigned. Warned at 60%")
    ]


def test_reasons_that_it_cites_otherwise_are_listed_with_what_follows_from_them():
    before, version = draft(), draft()
    size = {"verb": "reject", "key": "size", "label": "Too small"}
    before.reasons.add(Reason.objects.create(**size, is_active=False))
    version.reasons.add(Reason.objects.create(**size, version=2, counts_against="marketing"))

    assert change_list(version, before) == [
        Change("", "Reasons", "Reject: Too small", "Reject: Too small, counts against marketing")
    ]
