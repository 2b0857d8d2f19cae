"""The starter contract: what three answers propose, the draft that is written once, and that it works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from common.refusals import Conflict, Invalid, NotAllowed
from definitions.catalogue import catalogue
from definitions.engine import codec
from leads.models import Deal
from sla.engine.starter import Answers, Company, Cover, Cycle, Proposed, Reps, propose
from sla.models import Commitment, ContractVersion
from sla.queries.starter import company, guesses
from sla.services import contract_drafts, contracts, starter
from sla.services.agreement_promise import TEAM, promise
from sla.services.trying import Question, answers
from tests.accounts.people import make_member, make_person, make_team
from tests.factories import NOON, make_calendar, make_touch_kind
from tests.sla.makers import draft, make_contract
from tests.sla.makers import promise as make_promise
from tests.threads import at_once

USUAL = Answers(Cycle.MONTHS, Reps.SOME, Cover.OFFICE)
EVERY = [Answers(*said) for said in product(Cycle, Reps, Cover)]
SHOW = Company(("fair", "webinar"), "Office")
MONDAY = datetime(2026, 6, 1, 10, tzinfo=UTC)
ON = ["raised", "attended", "rest", "answer", "follow_up", "handover", "completeness", "quality"]


def proposed(said: Answers = USUAL, known: Company = SHOW) -> dict[str, Proposed]:
    return {one.key: one for one in propose(said, known)}


# What is proposed


def test_three_tiers_of_first_response_the_last_for_everybody() -> None:
    tiers = [one.node for one in propose(USUAL, SHOW) if one.node["kind"] == "first_response"]

    assert [(tier["target"], tier.get("segment")) for tier in tiers] == [
        ("15m", {"fact": "handoff.hand_raise", "op": "eq", "value": True}),
        ("4h", {"fact": "handoff.trigger", "op": "in", "value": ["fair", "webinar"]}),
        ("24h", None),
    ]


def test_tiers_cadence_handover_completeness_and_acceptance_are_on_and_the_rest_off() -> None:
    assert [one.key for one in propose(USUAL, SHOW) if one.on] == ON


def test_every_kind_of_promise_is_offered() -> None:
    assert {one.node["kind"] for one in propose(USUAL, SHOW)} == set(Commitment.Kind.values)


@pytest.mark.parametrize("said", EVERY, ids=lambda said: f"{said.cycle}-{said.reps}-{said.cover}")
def test_whatever_is_answered_every_promise_has_a_reason_and_can_be_read(said: Answers) -> None:
    for one in propose(said, SHOW):
        assert one.why.endswith(".")
        assert promise(one.node, "").kind == one.node["kind"]


def test_without_webinars_and_events_there_is_no_tier_for_them() -> None:
    assert "attended" not in proposed(known=Company((), "Office"))


@pytest.mark.parametrize(
    ("changed", "key", "name", "values"),
    [
        ("cycle", "follow_up", "attempts", [5, 6, 8]),
        ("cycle", "disposition", "target", ["10d", "15d", "30d"]),
        ("reps", "rest", "binds_up_to", [6, 10, 15]),
        ("reps", "answer", "goal", [0.8, 0.85, 0.9]),
        ("reps", "handover", "target", ["4h", "2h", "2h"]),
        ("cover", "raised", "out_of_hours", ["1h", "30m", None]),
    ],
)
def test_each_answer_moves_what_depends_on_it(changed: str, key: str, name: str, values: list[Any]) -> None:
    kinds = {"cycle": Cycle, "reps": Reps, "cover": Cover}
    said = [Answers(**{"cycle": Cycle.MONTHS, "reps": Reps.SOME, "cover": Cover.OFFICE} | {changed: one})
            for one in kinds[changed]]  # fmt: skip

    assert [proposed(one)[key].node.get(name) for one in said] == values


# What is known of the company


@pytest.mark.django_db
def test_webinars_and_events_are_found_among_the_touch_kinds() -> None:
    for key in ("webinar", "trade_show", "whitepaper", "demo_day_event"):
        make_touch_kind(key)
    make_touch_kind("event_call", hand_raise=True)

    assert company().events == ("demo_day_event", "trade_show", "webinar")


@pytest.mark.django_db
def test_marketing_works_by_the_hours_of_its_first_team_else_by_any_else_by_all() -> None:
    found = [company().marketing_calendar]
    first = make_calendar()
    found.append(company().marketing_calendar)
    team = make_team("Demand", function="demand")
    found.append(company().marketing_calendar)

    assert found == ["24x7", first.name, team.calendar.name]


@pytest.mark.django_db
def test_answers_are_guessed_only_from_what_is_known() -> None:
    assert guesses() == USUAL


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "cycle"), [(10, Cycle.WEEKS), (60, Cycle.MONTHS), (200, Cycle.LONG)])
def test_the_cycle_is_read_from_the_deals_that_were_won(days: int, cycle: Cycle) -> None:
    for number in range(10):
        Deal.objects.create(name=f"Deal {number}", currency="USD", outcome="won", opened_at=NOON - timedelta(days=days),
                            closed_at=NOON)  # fmt: skip

    assert guesses().cycle == cycle


@pytest.mark.django_db
def test_people_and_hours_are_read_from_the_teams_that_answer() -> None:
    make_member(make_team(calendar=make_calendar(tz="Europe/Oslo")))
    few = guesses()
    sales = make_team(calendar=make_calendar(tz="America/New_York"))
    for _ in range(13):
        make_member(sales)
    many = guesses()
    make_team(
        calendar=make_calendar({day: [["07:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
    )

    assert [(few.reps, few.cover), (many.reps, many.cover), guesses().cover] == [
        (Reps.FEW, Cover.OFFICE), (Reps.MANY, Cover.ZONES), Cover.LONG_HOURS,
    ]  # fmt: skip


# The draft


@pytest.mark.django_db
def test_the_draft_holds_what_was_chosen_in_the_order_it_is_tried() -> None:
    make_touch_kind("webinar")

    version = starter.draft(
        USUAL, ["rest", "raised", "attended", "volume", "none"], number=1, by=make_person(role="operations")
    )

    rows = version.commitments.order_by("kind", "position")
    assert [(row.kind, row.position, row.name) for row in rows] == [
        ("first_response", 0, "First response to a raised hand"),
        ("first_response", 1, "First response after a webinar or event"),
        ("first_response", 2, "First response"),
        ("volume", 0, "Volume"),
    ]
    assert version.agreed_fields == ["lead.first_name", "lead.last_name", "lead.company", "lead.email"]


@pytest.mark.django_db
def test_it_replaces_the_promises_of_the_version_in_force_in_the_draft_alone() -> None:
    before = make_contract()
    kinds = before.commitments.count()

    version = starter.draft(USUAL, ["answer"], number=before.number + 1, by=make_person(role="operations"))

    assert [row.name for row in version.commitments.all()] == ["Answer"]
    assert before.commitments.count() == kinds


@pytest.mark.django_db
def test_who_may_not_draft_drafts_nothing() -> None:
    with pytest.raises(NotAllowed):
        starter.draft(USUAL, ON, number=1, by=make_person())

    assert ContractVersion.objects.exists() is False


@pytest.mark.django_db
def test_nothing_chosen_is_refused_and_nothing_is_left_behind() -> None:
    with pytest.raises(Invalid, match="Switch on at least one promise"):
        starter.draft(USUAL, ["none"], number=1, by=make_person(role="operations"))

    assert ContractVersion.objects.exists() is False


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2, 0])
def test_a_draft_that_is_being_written_is_not_overwritten(number: int) -> None:
    being_written = draft()
    make_promise(being_written, "answer", timedelta(hours=4))

    with pytest.raises(Conflict, match="is being drafted already"):
        starter.draft(USUAL, ON, number=number, by=make_person(role="operations"))

    assert being_written.commitments.count() == 1


@pytest.mark.django_db
def test_a_version_that_was_begun_meanwhile_is_told() -> None:
    make_contract()

    with pytest.raises(Conflict, match="Another version was begun meanwhile"):
        starter.draft(USUAL, ON, number=1, by=make_person(role="operations"))


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_written_once() -> None:
    by = make_person(role="operations")

    made = at_once([lambda: starter.draft(USUAL, ON, number=1, by=by)] * 2)

    assert [getattr(one, "number", one) for one in made] == [1, 1]
    assert ContractVersion.objects.count() == 1
    assert ContractVersion.objects.get().commitments.count() == 7  # no webinar, no tier for it


@pytest.mark.django_db
def test_sent_again_once_it_is_proposed_it_says_so() -> None:
    by = make_person(role="operations")
    contracts.propose(starter.draft(USUAL, ON, number=1, by=by), by=by)

    with pytest.raises(Conflict, match="begun meanwhile"):
        starter.draft(USUAL, ON, number=1, by=by)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_begin_at_once_the_second_is_told() -> None:
    people = [make_person(role="operations") for _ in range(2)]

    made = at_once([lambda by=by: starter.draft(USUAL, ON, number=1, by=by) for by in people])

    assert sorted(type(one).__name__ for one in made) == ["Conflict", "ContractVersion"]
    assert ContractVersion.objects.count() == 1


@pytest.mark.django_db
def test_every_promise_can_be_proposed_signed_and_comes_into_force() -> None:
    marketer = make_member(make_team("Demand", function="demand"), "marketing_manager")
    seller = make_member(make_team("Sales"), "sales_manager")
    everything = [one.key for one in propose(USUAL, company())]

    begun = starter.draft(USUAL, everything, number=1, by=seller)
    begun.commitments.filter(kind="pipeline").update(amount=500_000)  # they name it themselves
    version = contract_drafts.propose(begun, by=seller)
    for person in (marketer, seller):
        contracts.sign(version, by=person)

    version.refresh_from_db()
    assert version.status == "signed"
    assert {row.kind for row in version.commitments.all()} == set(Commitment.Kind.values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "raises", "target"),
    [("demo_request", True, "15 m"), ("webinar", False, "4 h"), ("whitepaper", False, "24 h")],
)
def test_a_lead_that_is_tested_gets_its_tier(kind: str, raises: bool, target: str) -> None:
    trigger = make_touch_kind(kind, hand_raise=raises)
    make_touch_kind("fair")
    team = make_team("Sales")
    version = starter.draft(USUAL, ON, number=1, by=make_person(role="operations"))

    found = answers(version, Question(at=MONDAY, trigger=trigger, team=team))

    assert {one.kind: one.target for one in found}["first_response"] == target


@pytest.mark.django_db
def test_segments_use_facts_that_exist() -> None:
    for one in propose(USUAL, SHOW):
        codec.parse(one.node.get("segment", {"all": []}), catalogue)
        assert one.node.get("calendar", TEAM) in (TEAM, SHOW.marketing_calendar)
