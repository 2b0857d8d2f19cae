"""One clock: the golden cases of the domain, its boundary, its transitions, and laws for any order of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine.business_time import business_time_between
from sla.engine import clock as clocks
from sla.engine.clock import IllegalTransitionError, Status
from tests.sla.hours import HOUR, MICROSECOND, MINUTE, always, moment, office


@pytest.mark.parametrize(
    ("calendar", "started", "target", "due"),
    [
        pytest.param(office(), "fri 16:30", 1, "+mon 09:30", id="a over the weekend"),
        pytest.param(office(("08:00", "18:00")), "mon 17:00", 4, "tue 11:00", id="b over the night"),
        pytest.param(office(), "wed 07:00", 2, "wed 11:00", id="c before opening"),
        pytest.param(office(), "mon 09:00", 16, "tue 17:00", id="d two business days"),
        pytest.param(
            office(("09:00", "12:00"), ("13:00", "17:00")), "wed 11:30", 1, "wed 13:30", id="j at lunch"
        ),
    ],
)
def test_a_clock_is_due_when_its_target_is_used_up(calendar, started, target, due):
    clock = clocks.start(calendar, target * HOUR, moment(started))

    assert clock.due_at == moment(due)


def test_one_business_hour_before_due_is_not_midnight():
    clock = clocks.start(office(("08:00", "18:00")), 4 * HOUR, moment("mon 17:00"), warnings=[75])

    assert clocks.marked(clock).marks == (moment("tue 10:00"),)


@pytest.mark.parametrize(
    ("zone", "started", "due"),
    [
        pytest.param("Europe/Berlin", "2026-10-23 16:30", "2026-10-26 09:30", id="i autumn"),
        pytest.param("Europe/Berlin", "2026-03-27 16:30", "2026-03-30 09:30", id="i spring"),
    ],
)
def test_a_clock_crosses_the_nights_of_the_time_change(zone, started, due):
    clock = clocks.start(office(tz=zone), HOUR, moment(started, zone))

    assert clock.due_at == moment(due, zone)


def test_all_hours_are_counted_as_they_pass_in_the_night_of_the_time_change():
    clock = clocks.start(always(), 24 * HOUR, moment("2026-03-28 12:00", "Europe/Berlin"))

    assert clock.due_at == moment("2026-03-29 13:00", "Europe/Berlin")


def test_satisfied_at_the_due_moment_is_met():
    clock = clocks.start(office(), HOUR, moment("mon 09:00"))

    met = clocks.stop(clock, moment("mon 10:00"))

    assert (met.status, met.satisfied_at, met.consumed) == (Status.MET, moment("mon 10:00"), HOUR)


def test_one_microsecond_after_the_due_moment_is_overdue():
    due = moment("mon 10:00")

    assert [clocks.overdue(due, at) for at in (due - MICROSECOND, due, due + MICROSECOND)] == [
        False,
        False,
        True,
    ]


def test_a_clock_past_due_is_breached_before_it_is_answered():
    clock = clocks.start(office(), HOUR, moment("mon 09:00"))

    with pytest.raises(IllegalTransitionError):
        clocks.stop(clock, moment("mon 10:01"))


def test_a_late_answer_fills_in_when_it_came_and_stays_a_breach():
    clock = clocks.breach(clocks.start(office(), HOUR, moment("mon 09:00")))

    late = clocks.stop(clock, moment("mon 10:26"))

    assert (late.status, late.satisfied_at, late.due_at) == (
        Status.BREACHED,
        moment("mon 10:26"),
        moment("mon 10:00"),
    )


def test_an_answer_in_the_same_instant_took_no_time():
    clock = clocks.start(office(), HOUR, moment("mon 09:00"))

    met = clocks.stop(clock, moment("mon 09:00"))

    assert (met.status, met.consumed) == (Status.MET, timedelta())


def test_a_pause_conserves_business_time_not_hours_on_the_wall():
    started = clocks.start(office(), 8 * HOUR, moment("fri 09:00"))

    resumed = clocks.resume(clocks.pause(started, moment("fri 16:00")), moment("+mon 10:00"))

    assert (resumed.consumed, resumed.due_at) == (7 * HOUR, moment("+mon 11:00"))


def test_a_pause_from_friday_afternoon_to_monday_morning_costs_two_business_hours():
    started = clocks.start(office(), 16 * HOUR, moment("fri 09:00"))

    resumed = clocks.resume(clocks.pause(started, moment("fri 16:00")), moment("+mon 10:00"))

    assert business_time_between(office(), started.due_at, resumed.due_at) == 2 * HOUR


def test_a_changed_target_keeps_the_pause():
    """B04: 60 minutes are spent, so half of the new target is left."""
    paused = clocks.pause(clocks.start(office(), 4 * HOUR, moment("mon 09:00")), moment("mon 10:00"))

    changed = clocks.recompute(paused, moment("mon 14:00"), calendar=office(), target=2 * HOUR)

    assert clocks.resume(changed, moment("mon 14:00")).due_at == moment("mon 15:00")


def test_a_paused_clock_that_is_answered_resumes_and_is_met():
    """B01: on hold for half a year, answered straight from hold."""
    paused = clocks.pause(
        clocks.start(office(), 4 * HOUR, moment("2026-02-02 09:00")), moment("2026-02-02 10:00")
    )

    met = clocks.stop(paused, moment("2026-08-03 09:00"))

    assert (met.status, met.consumed) == (Status.MET, HOUR)


@pytest.mark.parametrize("at", ["mon 10:00", "mon 10:01"], ids=["at due", "after due"])
def test_a_pause_at_or_after_the_due_moment_changes_nothing(at):
    clock = clocks.start(office(), HOUR, moment("mon 09:00"))

    assert clocks.pause(clock, moment(at)) is clock


def test_a_paused_clock_is_never_due_and_warns_nobody():
    paused = clocks.pause(clocks.start(office(), HOUR, moment("mon 09:00")), moment("mon 09:59"))

    assert (paused.due_at, paused.warn_at, paused.risk_at) == (None, None, None)


def test_a_clock_held_for_two_reasons_resumes_with_the_last_of_them():
    held = clocks.pause(clocks.start(office(), HOUR, moment("mon 09:00")), moment("mon 09:30"), "return")
    held = clocks.pause(held, moment("mon 09:40"), "hand")

    still = clocks.resume(held, moment("mon 11:00"), "return")

    assert (still.status, clocks.resume(still, moment("mon 12:00"), "hand").due_at) == (
        Status.PAUSED,
        moment("mon 12:30"),
    )


def test_other_hours_keep_what_was_consumed():
    clock = clocks.start(office(), 2 * HOUR, moment("mon 15:00"))

    moved = clocks.recompute(clock, moment("mon 16:00"), calendar=office(("09:00", "20:00")))

    assert moved.due_at == moment("mon 17:00")


@pytest.mark.parametrize(
    ("target", "percents"),
    [(HOUR, (50, 80)), (HOUR - MICROSECOND, (60,))],
    ids=["an hour and more", "under an hour"],
)
def test_warnings_fall_where_the_contract_says_nothing(target, percents):
    assert clocks.start(office(), target, moment("mon 09:00")).percents == percents


def test_warnings_are_instants_in_business_time_and_the_last_begins_the_risk():
    clock = clocks.marked(clocks.start(office(), 10 * HOUR, moment("mon 09:00")))

    assert (clock.marks, clock.warn_at, clock.risk_at) == (
        (moment("mon 14:00"), moment("mon 17:00")),
        moment("mon 14:00"),
        moment("mon 17:00"),
    )


def test_a_warning_is_recorded_once_and_the_next_one_waits():
    clock = clocks.warn(clocks.marked(clocks.start(office(), 8 * HOUR, moment("mon 09:00"))))

    assert (clock.warned, clock.warn_at) == (1, moment("mon 15:24"))


def test_a_warning_that_passed_before_a_pause_keeps_its_instant():
    clock = clocks.start(office(), 8 * HOUR, moment("mon 09:00"))

    resumed = clocks.resume(clocks.pause(clock, moment("mon 14:00")), moment("tue 09:00"))

    assert resumed.marks == (moment("mon 13:00"), moment("tue 10:24"))


def test_the_last_attempt_that_is_needed_ends_the_clock():
    clock = clocks.start(office(), 8 * HOUR, moment("mon 09:00"), needed=2)

    once = clocks.count(clock, moment("mon 10:00"), done=1, enough=False)
    twice = clocks.count(once, moment("mon 11:00"), done=2, enough=True)

    assert [(state.status, state.progress) for state in (once, twice)] == [
        (Status.RUNNING, 1),
        (Status.MET, 2),
    ]


def test_a_cancelled_breach_stays_a_breach():
    clock = clocks.breach(clocks.start(office(), HOUR, moment("mon 09:00")))

    closed = clocks.cancel(clock, moment("tue 09:00"))

    assert (closed.status, closed.ended_at, closed.satisfied_at) == (
        Status.BREACHED,
        moment("tue 09:00"),
        None,
    )


RUNNING = clocks.start(office(), HOUR, moment("mon 09:00"))
PAUSED = clocks.pause(RUNNING, moment("mon 09:30"))
MET = clocks.stop(RUNNING, moment("mon 09:30"))
CANCELLED = clocks.cancel(RUNNING, moment("mon 09:30"))
MISSED = clocks.breach(RUNNING)
LATE = clocks.stop(MISSED, moment("mon 12:00"))
AT = moment("mon 13:00")
TRANSITIONS = {
    "pause": lambda clock: clocks.pause(clock, AT),
    "resume": lambda clock: clocks.resume(clock, AT),
    "stop": lambda clock: clocks.stop(clock, AT),
    "cancel": lambda clock: clocks.cancel(clock, AT),
    "count": lambda clock: clocks.count(clock, AT, done=1, enough=False),
    "recompute": lambda clock: clocks.recompute(clock, AT, calendar=office()),
    "breach": clocks.breach,
    "warn": clocks.warn,
}
STATES = {
    "running": RUNNING,
    "paused": PAUSED,
    "met": MET,
    "cancelled": CANCELLED,
    "missed": MISSED,
    "late": LATE,
}
ILLEGAL = [
    *((state, verb) for state in ("met", "cancelled", "late") for verb in TRANSITIONS),
    *(("missed", verb) for verb in ("pause", "resume", "recompute", "breach", "warn")),
    ("running", "resume"),
    ("paused", "breach"),
    ("paused", "warn"),
]


@pytest.mark.parametrize(("state", "verb"), ILLEGAL, ids=[f"{verb} of {state}" for state, verb in ILLEGAL])
def test_an_illegal_transition_raises(state, verb):
    with pytest.raises(IllegalTransitionError):
        TRANSITIONS[verb](STATES[state])


def test_a_target_of_nothing_is_no_promise():
    with pytest.raises(IllegalTransitionError):
        clocks.start(office(), timedelta(), moment("mon 09:00"))


steps = st.lists(
    st.tuples(
        st.sampled_from(["pause", "resume", "stop", "cancel", "recompute", "count"]),
        st.integers(min_value=-5, max_value=3_000),
    ),
    max_size=12,
)


@given(steps, st.sampled_from([office(), office(("09:00", "12:00"), ("13:00", "17:00")), always()]))
def test_no_order_of_events_gives_negative_time(steps, calendar):
    clock = clocks.start(calendar, 6 * HOUR, moment("mon 08:00"))
    at = clock.started_at
    for verb, minutes in steps:
        at += minutes * MINUTE
        if clock.status is Status.RUNNING and clocks.overdue(clock.due_at, at):
            clock = clocks.breach(clock)
        try:
            clock = _moved(clock, verb, at)
        except IllegalTransitionError:
            continue

    assert clock.consumed >= timedelta()
    assert clock.due_at is None or clock.due_at >= clock.started_at
    assert clock.ended_at is None or clock.ended_at >= clock.started_at
    assert clock.status is not Status.MET or clock.consumed <= clock.target


def _moved(clock, verb, at):
    if verb == "recompute":
        return clocks.recompute(clock, at, calendar=clock.calendar)
    if verb == "count":
        return clocks.count(clock, at, done=clock.progress + 1, enough=False)
    return {"pause": clocks.pause, "resume": clocks.resume, "stop": clocks.stop, "cancel": clocks.cancel}[
        verb
    ](clock, at)


@given(st.lists(st.integers(min_value=1, max_value=2_000), min_size=1, max_size=6))
def test_pauses_cost_exactly_the_time_they_last(gaps):
    """Every stretch that ran is consumed, no stretch that stood is."""
    clock = clocks.start(always(), 100_000 * HOUR, moment("mon 08:00"))
    at, ran = clock.started_at, timedelta()
    for number, gap in enumerate(gaps):
        at += gap * MINUTE
        if number % 2 == 0:
            clock, ran = clocks.pause(clock, at), ran + gap * MINUTE
        else:
            clock = clocks.resume(clock, at)

    assert clocks.used(clock, at) == ran


def test_a_frozen_state_is_not_changed_by_its_transitions():
    before = replace(RUNNING)

    clocks.pause(RUNNING, moment("mon 09:30"))

    assert before == RUNNING
