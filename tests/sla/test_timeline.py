"""How a clock went, as stretches of time: the golden cases of the domain, and laws that hold for any course."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine.business_time import add_business_time
from sla.engine import clock as clocks
from sla.engine.timeline import Course, Phase, Step, Turn, counted, pauses, stood, stretches, used
from tests.sla.hours import HOUR, MICROSECOND, MINUTE, always, moment, office

SPLIT = office(("09:00", "12:00"), ("13:00", "17:00"))
BERLIN = "Europe/Berlin"


def course(calendar, started, target, until, *steps, zone="UTC"):
    """Running all the time unless there are steps; then say the due moment with `due`."""
    start = moment(started, zone)
    return Course(calendar, start, moment(until, zone), add_business_time(calendar, start, target), steps)


def drawn(found, zone="UTC"):
    return [(str(one.phase), one.start, one.end, one.worked) for one in stretches(found)]


def expected(*rows, zone="UTC"):
    return [(phase, moment(start, zone), moment(end, zone), worked) for phase, start, end, worked in rows]


ZERO = timedelta()


@pytest.mark.parametrize(
    ("found", "rows"),
    [
        pytest.param(
            course(office(), "fri 16:30", HOUR, "+mon 09:30"),
            [
                ("run", "fri 16:30", "fri 17:00", 30 * MINUTE),
                ("closed", "fri 17:00", "+mon 09:00", ZERO),
                ("run", "+mon 09:00", "+mon 09:30", 30 * MINUTE),
            ],
            id="a over the weekend",
        ),
        pytest.param(
            course(office(("08:00", "18:00")), "mon 17:00", 4 * HOUR, "tue 11:00"),
            [
                ("run", "mon 17:00", "mon 18:00", HOUR),
                ("closed", "mon 18:00", "tue 08:00", ZERO),
                ("run", "tue 08:00", "tue 11:00", 3 * HOUR),
            ],
            id="b over the night",
        ),
        pytest.param(
            course(office(), "wed 07:00", 2 * HOUR, "wed 11:00"),
            [
                ("closed", "wed 07:00", "wed 09:00", ZERO),
                ("run", "wed 09:00", "wed 11:00", 2 * HOUR),
            ],
            id="c before opening",
        ),
        pytest.param(
            course(office(), "mon 09:00", 16 * HOUR, "tue 17:00"),
            [
                ("run", "mon 09:00", "mon 17:00", 8 * HOUR),
                ("closed", "mon 17:00", "tue 09:00", ZERO),
                ("run", "tue 09:00", "tue 17:00", 8 * HOUR),
            ],
            id="d two business days",
        ),
        pytest.param(
            course(office(), "mon 09:00", HOUR, "tue 10:00"),
            [
                ("run", "mon 09:00", "mon 10:00", HOUR),
                ("late", "mon 10:00", "tue 10:00", 8 * HOUR),
            ],
            id="h never answered: late from its due moment on",
        ),
        pytest.param(
            course(SPLIT, "wed 11:30", HOUR, "wed 13:30"),
            [
                ("run", "wed 11:30", "wed 12:00", 30 * MINUTE),
                ("closed", "wed 12:00", "wed 13:00", ZERO),
                ("run", "wed 13:00", "wed 13:30", 30 * MINUTE),
            ],
            id="j at lunch",
        ),
    ],
)
def test_a_clock_is_drawn_as_it_ran(found, rows):
    assert drawn(found) == expected(*rows)


@pytest.mark.parametrize(
    ("started", "until", "closed"),
    [
        pytest.param("2026-10-23 16:30", "2026-10-26 09:30", 65 * HOUR, id="i autumn"),
        pytest.param("2026-03-27 16:30", "2026-03-30 09:30", 63 * HOUR, id="i spring"),
    ],
)
def test_the_nights_of_the_time_change_are_an_hour_longer_or_shorter(started, until, closed):
    found = stretches(course(office(tz=BERLIN), started, HOUR, until, zone=BERLIN))

    assert [one.phase for one in found] == [Phase.RUNS, Phase.CLOSED, Phase.RUNS]
    assert found[1].end - found[1].start == closed
    assert [one.worked for one in found] == [30 * MINUTE, ZERO, 30 * MINUTE]


def test_a_shift_through_the_spring_night_runs_for_seven_hours():
    whole = Course(always(), moment("2026-03-29 00:00", BERLIN), moment("2026-03-29 08:00", BERLIN), None, ())

    assert [one.worked for one in stretches(whole)] == [7 * HOUR]


def test_a_pause_over_the_weekend_stands_for_two_business_hours_not_66():
    paused = Step(Turn.PAUSE, moment("fri 16:00"))
    resumed = Step(Turn.RESUME, moment("+mon 10:00"))
    found = Course(
        office(), moment("fri 15:00"), moment("+mon 12:00"), moment("+mon 13:00"), (paused, resumed)
    )

    assert drawn(found) == expected(
        ("run", "fri 15:00", "fri 16:00", HOUR),
        ("pause", "fri 16:00", "+mon 10:00", 2 * HOUR),
        ("run", "+mon 10:00", "+mon 12:00", 2 * HOUR),
    )
    assert stood(found) == 2 * HOUR
    assert used(found, moment("+mon 11:00")) == 2 * HOUR


def test_a_clock_that_stands_is_drawn_to_the_present_and_is_never_late():
    found = Course(
        office(), moment("mon 09:00"), moment("wed 12:00"), None, (Step(Turn.PAUSE, moment("mon 10:00")),)
    )

    assert [one.phase for one in stretches(found)] == [Phase.RUNS, Phase.STANDS]
    assert pauses(found) == (stretches(found)[-1],)


def test_an_answer_at_the_due_moment_is_drawn_in_time_and_one_microsecond_later_late():
    in_time = course(office(), "mon 09:00", HOUR, "mon 10:00")
    late = Course(in_time.calendar, in_time.started_at, in_time.until + MICROSECOND, in_time.due_at)

    assert [one.phase for one in stretches(in_time)] == [Phase.RUNS]
    assert [one.phase for one in stretches(late)] == [Phase.RUNS, Phase.LATE]


def test_from_a_move_on_the_hours_of_the_other_team_count():
    moved = Step(Turn.MOVE, moment("mon 12:00"), office(("14:00", "18:00")))
    found = Course(office(), moment("mon 09:00"), moment("mon 18:00"), moment("tue 17:00"), (moved,))

    assert drawn(found) == expected(
        ("run", "mon 09:00", "mon 12:00", 3 * HOUR),
        ("closed", "mon 12:00", "mon 14:00", ZERO),
        ("run", "mon 14:00", "mon 18:00", 4 * HOUR),
    )


def test_a_move_while_it_stands_keeps_the_pause():
    steps = (
        Step(Turn.PAUSE, moment("mon 10:00")),
        Step(Turn.MOVE, moment("mon 11:00"), office(("14:00", "18:00"))),
        Step(Turn.RESUME, moment("mon 15:00")),
    )
    found = Course(office(), moment("mon 09:00"), moment("mon 16:00"), moment("tue 17:00"), steps)

    assert drawn(found) == expected(
        ("run", "mon 09:00", "mon 10:00", HOUR),
        ("pause", "mon 10:00", "mon 15:00", 2 * HOUR),
        ("run", "mon 15:00", "mon 16:00", HOUR),
    )


def test_a_clock_that_ended_the_moment_it_started_is_not_drawn():
    assert stretches(course(office(), "mon 09:00", HOUR, "mon 09:00")) == ()


def test_each_holder_is_told_what_he_used_of_the_clock():
    found = course(office(), "mon 16:00", 2 * HOUR, "tue 10:00")
    handed_over = moment("tue 09:50")

    assert counted(found, moment("mon 16:00"), handed_over) == HOUR + 50 * MINUTE
    assert counted(found, handed_over, moment("tue 10:00")) == 10 * MINUTE


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=7), st.integers(60, 3_000))
def test_a_course_has_no_gaps_and_agrees_with_the_clock_itself(minutes, target):
    """Pauses and resumes by turns: what is drawn is what the clock counted."""
    hours = office(("09:00", "12:00"), ("13:00", "17:00"), tz=BERLIN)
    at = start = moment("2026-03-26 08:00", BERLIN)
    clock, steps = clocks.start(hours, target * MINUTE, start), []
    for number, wait in enumerate(minutes):
        at += wait * MINUTE
        before, turn = clock, Turn.RESUME if number % 2 else Turn.PAUSE
        if before.status is clocks.Status.PAUSED or turn is Turn.PAUSE:
            clock = (clocks.resume if turn is Turn.RESUME else clocks.pause)(before, at)
        if clock is not before:
            steps.append(Step(turn, at))
    until = at + HOUR
    found = Course(hours, start, until, clock.due_at, tuple(steps))

    rows = stretches(found)

    assert [rows[0].start, rows[-1].end] == [start, until]
    assert all(one.end == then.start and one.phase != then.phase for one, then in pairwise(rows))
    assert used(found, until) == clocks.used(clock, until)
