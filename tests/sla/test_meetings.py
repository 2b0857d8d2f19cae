"""Meetings through each door, and what they do to clocks: met by booking, the meeting clock, no show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Team, User
from common.models import Outbox
from common.refusals import Conflict, Invalid
from leads.models import Handoff, LeadEvent, Meeting, MeetingMove
from leads.services import handoffs, meetings, touches
from leads.services.attempts import Contact
from leads.services.meetings import Booking
from leads.services.touches import Interaction
from sla.models import Clock
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_lead,
    make_member,
    make_offer,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import EVERY_KIND, clock_of, make_contract

pytestmark = pytest.mark.django_db
FRIDAY_TEN = datetime(2026, 6, 5, 10, tzinfo=UTC)
MONDAY_TEN = datetime(2026, 6, 8, 10, tzinfo=UTC)
BOOKED = Contact("call", "meeting_booked")


@dataclass(frozen=True)
class Floor:
    """A team of two under a contract that promises everything, meetings within four hours of their beginning."""

    team: Team
    rep: User
    other: User

    def accepted(self) -> Handoff:
        return handoffs.accept(make_offer(self.team, self.rep), by=self.rep, at=NOON)

    def booked(self, starts_at: datetime = FRIDAY_TEN) -> Handoff:
        handoff = self.accepted()
        at = NOON + MINUTE
        handoffs.log_attempt(handoff, BOOKED, by=self.rep, booking=Booking(starts_at), at=at)
        handoff.refresh_from_db()
        return handoff


@pytest.fixture
def floor() -> Floor:
    calendar = make_calendar()
    make_contract(calendar=calendar, **EVERY_KIND, meeting=4 * HOUR)
    team = make_team(calendar=calendar)
    return Floor(team, make_member(team, name="Tom"), make_member(team, name="Lena"))


def books(lead: object, person: User, starts_at: datetime = FRIDAY_TEN, at: datetime = NOON) -> None:
    kind = make_touch_kind("meeting_booked", hand_raise=True)
    seen = Interaction(kind, booking=Booking(starts_at, person))
    touches.record(lead, seen, at=at)  # type: ignore[arg-type]


def states(handoff: Handoff) -> dict[str, str]:
    found = Clock.objects.filter(lead=handoff.lead).order_by("pk")
    return {clock.kind: "booked" if clock.met_by_booking else clock.status for clock in found}


def test_a_rep_books_with_an_attempt(floor: Floor) -> None:
    handoff = floor.booked()

    meeting = Meeting.objects.get()
    assert (meeting.person, meeting.starts_at, meeting.by_buyer) == (floor.rep, FRIDAY_TEN, False)
    assert handoff.meeting_at == FRIDAY_TEN
    assert states(handoff)["follow_up"] == "met"
    assert LeadEvent.objects.filter(handoff=handoff).latest("pk").kind == "booked"


def test_the_meeting_clock_runs_from_when_it_is_to_begin(floor: Floor) -> None:
    clock = clock_of(floor.booked(), "meeting")

    assert (clock.started_at, clock.due_at) == (FRIDAY_TEN, FRIDAY_TEN + 4 * HOUR)


def test_a_buyers_booking_accepts_for_the_rep_and_settles_as_met_by_booking(floor: Floor) -> None:
    """Rule 7: for the rep whose calendar it is, whoever held it."""
    handoff = make_offer(floor.team, floor.other)

    books(handoff.lead, floor.rep, at=NOON + HOUR)

    handoff.refresh_from_db()
    assert (handoff.status, handoff.holder, handoff.first_response_at) == ("accepted", floor.rep, None)
    assert states(handoff) == {
        "answer": "met", "first_response": "booked", "follow_up": "met",
        "disposition": "running", "meeting": "running",
    }  # fmt: skip
    assert Outbox.objects.filter(topic="handoff.meeting_booked", subject=handoff.pk).count() == 1
    assert clocks.replay().differs == 0


def test_a_buyer_nobody_knew_is_offered_and_accepted_at_once(floor: Floor) -> None:
    lead = make_lead()

    books(lead, floor.other)

    handoff = Handoff.objects.get(lead=lead)
    assert (handoff.status, handoff.holder, handoff.meeting_at) == ("accepted", floor.other, FRIDAY_TEN)
    assert states(handoff)["buyer_wait"] == "booked"


def test_booking_on_the_calendar_of_another_team_moves_the_lead_there(floor: Floor) -> None:
    elsewhere = make_team(calendar=make_calendar())
    closer = make_member(elsewhere)
    handoff = make_offer(floor.team, floor.rep)

    books(handoff.lead, closer)

    handoff.refresh_from_db()
    assert (handoff.team, handoff.holder, handoff.status) == (elsewhere, closer, "accepted")
    assert clocks.replay().differs == 0


def test_a_buyer_who_books_on_a_lead_being_worked_ends_its_follow_up(floor: Floor) -> None:
    handoff = floor.accepted()

    books(handoff.lead, floor.rep, at=NOON + HOUR)

    found = states(handoff)
    assert (found["follow_up"], found["first_response"]) == ("met", "booked")
    assert not LeadEvent.objects.filter(kind="raised_again").exists()


def test_a_moved_meeting_keeps_where_it_was_and_gets_a_new_clock(floor: Floor) -> None:
    handoff = floor.booked()

    meetings.move(handoff, MONDAY_TEN, by=floor.rep, at=NOON + HOUR)

    moved = MeetingMove.objects.get()
    assert (moved.was_at, moved.moved_to, moved.by) == (FRIDAY_TEN, MONDAY_TEN, floor.rep)
    rounds = Clock.objects.filter(handoff=handoff, kind="meeting").order_by("round")
    assert list(rounds.values_list("status", "started_at")) == [
        ("cancelled", FRIDAY_TEN), ("running", MONDAY_TEN)
    ]  # fmt: skip
    assert clocks.replay().differs == 0


def test_booking_again_moves_the_planned_meeting(floor: Floor) -> None:
    handoff = floor.booked()

    handoffs.log_attempt(handoff, BOOKED, by=floor.rep, booking=Booking(MONDAY_TEN), at=NOON + HOUR)

    assert Meeting.objects.get().starts_at == MONDAY_TEN
    assert MeetingMove.objects.count() == 1


def test_a_buyer_who_moves_his_own_meeting_has_his_answer(floor: Floor) -> None:
    """Moved by him as booked by him: the new hand raise waits for nobody any more."""
    handoff = floor.booked()
    demo = Interaction(make_touch_kind("demo", hand_raise=True))
    touches.record(handoff.lead, demo, at=NOON + 2 * MINUTE)

    books(handoff.lead, floor.rep, MONDAY_TEN, at=NOON + 3 * MINUTE)

    waited = clock_of(handoff, "re_response")
    assert (waited.status, waited.met_by_booking, waited.ended_at) == ("met", True, NOON + 3 * MINUTE)
    assert (clock_of(handoff, "meeting").round, clocks.replay().differs) == (2, 0)


def test_the_same_time_with_another_person_is_no_move(floor: Floor) -> None:
    handoff = floor.booked()
    again = Booking(FRIDAY_TEN, floor.other, 45)

    handoffs.log_attempt(handoff, BOOKED, by=floor.rep, booking=again, at=NOON + HOUR)

    meeting = Meeting.objects.get()
    assert (meeting.person, meeting.minutes) == (floor.other, 45)
    assert not MeetingMove.objects.exists()
    assert clocks.replay().differs == 0


@pytest.mark.parametrize("outcome", ["meeting_held", "no_show"])
def test_a_meeting_that_is_still_to_come_has_no_outcome(floor: Floor, outcome: str) -> None:
    handoff = floor.booked()

    with pytest.raises(Invalid, match="move it first"):
        handoffs.log_attempt(handoff, Contact("call", outcome), by=floor.rep, at=FRIDAY_TEN - MINUTE)

    assert Meeting.objects.get().status == "planned"


@pytest.mark.parametrize(
    ("outcome", "row", "clock"),
    [("meeting_held", "held", "met"), ("no_show", "no_show", "cancelled")],
)
def test_what_took_place_comes_in_with_an_attempt(floor: Floor, outcome: str, row: str, clock: str) -> None:
    handoff = floor.booked()

    handoffs.log_attempt(handoff, Contact("meeting", outcome), by=floor.rep, at=FRIDAY_TEN + HOUR)

    handoff.refresh_from_db()
    assert (Meeting.objects.get().status, clock_of(handoff, "meeting").status) == (row, clock)
    assert handoff.meeting_at is None
    assert clocks.replay().differs == 0


def test_a_meeting_that_nobody_tells_about_is_missed(floor: Floor) -> None:
    handoff = floor.booked()

    clocks.breach_overdue(FRIDAY_TEN + 5 * HOUR)

    clock = clock_of(handoff, "meeting")
    assert (clock.status, clock.breach.at) == ("breached", FRIDAY_TEN + 4 * HOUR)


def test_a_meeting_is_called_off(floor: Floor) -> None:
    handoff = floor.booked()

    meetings.call_off(handoff, by=floor.rep, at=NOON + HOUR)

    assert (Meeting.objects.get().status, clock_of(handoff, "meeting").status) == ("called_off", "cancelled")
    with pytest.raises(Conflict, match="No meeting is planned"):
        meetings.call_off(handoff, by=floor.rep, at=NOON + HOUR)


def test_a_cycle_that_closes_calls_its_meeting_off(floor: Floor) -> None:
    handoff = floor.booked()

    handoffs.win(handoffs.qualify(handoff, by=floor.rep, at=NOON + HOUR), by=floor.rep, at=NOON + 2 * HOUR)

    assert Meeting.objects.get().status == "called_off"
    assert Handoff.objects.get(pk=handoff.pk).meeting_at is None


@pytest.mark.parametrize(
    "starts_at", [NOON, NOON + timedelta(days=400)], ids=["in-the-past", "beyond-a-year"]
)
def test_a_time_that_cannot_be_is_refused_and_nothing_is_kept(floor: Floor, starts_at: datetime) -> None:
    handoff = floor.accepted()

    with pytest.raises(Invalid) as refused:
        handoffs.log_attempt(handoff, BOOKED, by=floor.rep, booking=Booking(starts_at), at=NOON + MINUTE)

    assert list(refused.value.errors) == ["meeting_at"]
    assert not handoff.attempts.exists()


def test_only_a_meeting_booked_has_the_time_of_a_meeting(floor: Floor) -> None:
    with pytest.raises(Invalid, match="meeting booked"):
        handoffs.log_attempt(
            floor.accepted(), Contact("call", "talked"), by=floor.rep, booking=Booking(FRIDAY_TEN), at=NOON
        )


def test_who_sells_nothing_has_no_calendar_to_book_on(floor: Floor) -> None:
    """The hand is raised all the same (domain section 3)."""
    lead = make_lead()
    marketer = make_member(make_team(function="demand"), "marketing")

    books(lead, marketer)

    assert Handoff.objects.get(lead=lead).status == "offered"
    assert "does not sell" in lead.touches.get().detail
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "one_planned_meeting_per_handoff"),
        ({"status": "held"}, "meeting_ended_unless_planned"),
    ],
)
def test_what_must_never_be_is_refused_by_the_database(
    floor: Floor, fields: dict[str, str], name: str
) -> None:
    handoff = floor.booked()
    told = {"lead": handoff.lead, "handoff": handoff, "booked_at": NOON, "starts_at": MONDAY_TEN} | fields

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Meeting.objects.create(**told)


def test_a_meeting_cannot_move_to_where_it_is(floor: Floor) -> None:
    meeting = Meeting.objects.get(handoff=floor.booked())

    with pytest.raises(IntegrityError, match="meeting_moves_to_another_time"), transaction.atomic():
        MeetingMove.objects.create(meeting=meeting, was_at=NOON, moved_to=NOON, at=NOON)
