"""Clocks told from their own log: who did what, why one is due when it is, and who held the lead meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import events as journal
from leads.models import Assignment
from sla.models import Clock, ClockEvent
from sla.queries.ownership import holdings
from sla.queries.timeline import timelines
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_reason,
    make_team,
)
from tests.sla.makers import clock_of, event, happens, make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _utc():
    with timezone.override("UTC"):
        yield


def offered(**targets):
    make_contract(calendar=make_calendar(), **targets or {"answer": 4 * HOUR})
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    return handoff


def told(handoff, at, kind="answer"):
    clock = clock_of(handoff, kind)
    return timelines([clock.public_id], at=at)[clock.public_id]


def phases(timeline):
    return [str(one.phase) for one in timeline.stretches]


def test_a_log_says_who_paused_a_clock_and_for_what_reason():
    handoff = offered()
    rep = make_member(handoff.team, name="Lena Vogt")
    reason = make_reason("pause", "buyer-away")
    row = event("paused", handoff, NOON + HOUR, reason="buyer-away")
    row.actor = rep
    journal.record([row])

    timeline = told(handoff, NOON + 2 * HOUR)

    assert [(one.what, one.who, one.used) for one in timeline.moments] == [
        ("Started: offered", "", timedelta()),
        (f"Paused, {reason.label.lower()}", "Lena Vogt", HOUR),
    ]
    assert phases(timeline) == ["run", "pause"]


def test_a_clock_that_stood_tells_what_was_used_before_and_what_was_left_after():
    handoff = offered()
    happens("returned", handoff, NOON + 25 * MINUTE)
    happens("resupplied", handoff, NOON + 2 * HOUR)

    assert told(handoff, NOON + 3 * HOUR).why == (
        f"Due {day(NOON + HOUR * 21 + 35 * MINUTE)} 09:35: 4 h 00 m from {day(NOON)} 12:00, "
        f"25 m used until it was paused {day(NOON)} 12:25, 3 h 35 m left from {day(NOON)} 14:00."
    )


def day(at):
    return f"{at:%a} {at.day} {at:%b}{'' if at.year == timezone.now().year else f' {at.year}'}"


def test_a_clock_that_stands_says_what_is_left():
    handoff = offered()
    happens("returned", handoff, NOON + HOUR)

    assert told(handoff, NOON + 3 * HOUR).why == (
        f"It stands since {day(NOON)} 13:00; 3 h 00 m of 4 h 00 m runs on when it resumes."
    )


def test_letting_go_of_one_of_two_holds_does_not_draw_it_running():
    handoff = offered()
    happens("returned", handoff, NOON + HOUR)
    happens("paused", handoff, NOON + HOUR + MINUTE)
    happens("resumed", handoff, NOON + 2 * HOUR)

    assert Clock.objects.get(kind="answer").status == "paused"
    assert phases(told(handoff, NOON + 3 * HOUR)) == ["run", "pause"]


def test_a_clock_cancelled_while_it_stood_has_no_moment_to_explain():
    handoff = offered()
    happens("returned", handoff, NOON + HOUR)
    happens("withdrawn", handoff, NOON + 2 * HOUR)

    timeline = told(handoff, NOON + 3 * HOUR)

    assert timeline.why == ""
    assert phases(timeline) == ["run", "pause"]


def test_warnings_that_will_come_and_the_due_moment_stand_ahead():
    handoff = offered()

    ahead = [(one.what, one.at - NOON) for one in told(handoff, NOON + MINUTE).moments if one.ahead]

    assert ahead == [
        ("Warning at 50 %", 2 * HOUR),
        ("Warning at 80 %", 3 * HOUR + 12 * MINUTE),
        ("Due", 4 * HOUR),
    ]


def test_the_due_moment_of_a_kept_promise_is_past_once_it_passed():
    handoff = offered()
    happens("accepted", handoff, NOON + HOUR)

    last = [told(handoff, NOON + after).moments[-1] for after in (2 * HOUR, 5 * HOUR)]

    assert [(one.what, one.ahead) for one in last] == [("Due", True), ("Due", False)]


@pytest.mark.parametrize("swept", [True, False])
def test_a_miss_is_drawn_late_from_its_due_moment_whether_or_not_the_sweep_came_by(swept):
    handoff = offered()
    if swept:
        clocks.breach_overdue(NOON + 5 * HOUR)

    timeline = told(handoff, NOON + 5 * HOUR)

    assert (phases(timeline), timeline.missed_at) == (["run", "late"], NOON + 4 * HOUR)
    assert timeline.summary == (f"Answer: ran 4 h 00 m, late 1 h 00 m, due {day(NOON)} 16:00")


def test_a_move_to_another_team_counts_by_its_hours_from_then_on():
    handoff = offered()
    clock = Clock.objects.get(kind="answer")
    always = {"calendar_version": None, "due_at": (NOON + 4 * HOUR).isoformat()}
    ClockEvent.objects.create(
        clock=clock, kind="recomputed", at=NOON + HOUR, recorded_at=NOON + HOUR, data=always
    )

    course = told(handoff, NOON + 2 * HOUR).course

    assert [(step.calendar is not None, step.at) for step in course.steps] == [(True, NOON + HOUR)]


def test_ten_clocks_cost_as_many_statements_as_one():
    make_contract()
    handoff = make_handoff()
    happens("mql", handoff.lead, NOON)
    happens("offered", handoff, NOON)
    happens("returned", handoff, NOON + HOUR)
    every = list(Clock.objects.values_list("public_id", flat=True))

    with CaptureQueriesContext(connection) as one:
        timelines([clock_of(handoff, "answer").public_id], at=NOON + 2 * HOUR)
    with CaptureQueriesContext(connection) as all_of_them:
        found = timelines(every, at=NOON + 2 * HOUR)

    assert len(found) > 3
    assert len(all_of_them) <= len(one) <= 4


def test_who_got_the_lead_two_minutes_before_due_is_told_apart_from_who_sat_on_it():
    handoff = offered()
    first, second = make_member(handoff.team), make_member(handoff.team)
    handed_over = NOON + 3 * HOUR + 58 * MINUTE
    handoff.assignments.update(person=first, until_at=handed_over, ended="reassigned")
    Assignment.objects.create(handoff=handoff, team=handoff.team, person=second, from_at=handed_over)
    spans = list(handoff.assignments.select_related("team", "person"))

    found = holdings(spans, [told(handoff, NOON + 5 * HOUR)], at=NOON + 5 * HOUR)

    assert [(one.span.person, one.held, one.missed) for one in found] == [
        (first, 3 * HOUR + 58 * MINUTE, ()),
        (second, HOUR + 2 * MINUTE, ("Answer missed, 2 m of it theirs",)),
    ]


def test_what_was_held_over_the_night_counts_by_the_hours_of_the_team():
    calendar = make_calendar()
    handoff = make_handoff(team=make_team("Nights", calendar=calendar))

    [found] = holdings(
        list(handoff.assignments.select_related("team", "person")), [], at=NOON + timedelta(days=1)
    )

    assert found.held == 8 * HOUR


def test_holders_cost_one_statement(django_assert_num_queries):
    handoff = make_handoff()
    spans = list(handoff.assignments.select_related("team", "person")) * 3

    with django_assert_num_queries(1):
        holdings(spans, [], at=NOON + HOUR)
