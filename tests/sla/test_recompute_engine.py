"""Recomputes of one clock: what ran is measured anew or stays used, and where the due moment then lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars.engine.business_time import BusinessCalendar
from sla.engine import clock as clocks
from sla.engine.clock import Status, default_warnings
from sla.engine.entry import Choice, Hours
from sla.engine.restate import Change, Correction, restated
from sla.engine.trail import Leg, Trail, spent, trail_of, used_up_at
from tests.sla.hours import HOUR, MINUTE, always, moment, office

WRONG, RIGHT, OTHER = 1, 2, 3


def closed_on(*days: str, tz: str = "UTC") -> BusinessCalendar:
    return BusinessCalendar.from_dict(office(tz=tz).to_dict() | {"holidays": list(days)})


def choice(target: timedelta, calendar: BusinessCalendar, version: int, warnings=()) -> Choice:
    return Choice(1, Hours(version, calendar), target, warnings or default_warnings(target))


def corrected(clock, trail, right, at):
    calendars = {WRONG: clock.calendar, RIGHT: right}
    change = Change(at, choice(clock.target, right, RIGHT), Correction((WRONG,), Hours(RIGHT, right)))
    return restated(clock, change.follow(trail), change, calendars)


def amended(clock, trail, target, at, calendar=None, warnings=()):
    calendars = {WRONG: clock.calendar, OTHER: calendar or clock.calendar}
    change = Change(at, choice(target, calendars[OTHER], OTHER, warnings))
    return restated(clock, change.follow(trail), change, calendars)


def running(calendar, hours, started):
    """A clock, and its trail."""
    return clocks.start(calendar, hours * HOUR, moment(started)), Trail(WRONG, moment(started))


def stopped_between(clock, trail, paused, resumed=None):
    clock, trail = clocks.pause(clock, moment(paused)), trail.paused(moment(paused))
    if resumed is None:
        return clock, trail
    return clocks.resume(clock, moment(resumed)), trail.resumed(moment(resumed))


def test_a_forgotten_holiday_never_counted():
    """A14: three hours from Thursday 16:00 are due on Monday, not on Friday, the holiday."""
    clock, trail = running(office(), 3, "thu 16:00")
    assert clock.due_at == moment("fri 11:00")

    found = corrected(clock, trail, closed_on("2026-06-05"), moment("fri 10:00"))

    assert (found.due_at, found.running_since) == (moment("+mon 11:00"), moment("thu 16:00"))
    assert found.marks == (moment("+mon 09:30"), moment("+mon 10:24"))


def test_a_correction_keeps_the_pauses():
    clock, trail = stopped_between(*running(office(), 8, "mon 15:00"), "mon 16:00", "wed 10:00")
    assert clock.due_at == moment("wed 17:00")

    found = corrected(clock, trail, closed_on("2026-06-03"), moment("wed 12:00"))

    assert (found.consumed, found.due_at) == (HOUR, moment("thu 16:00"))


def test_a_correction_of_a_clock_that_stands_changes_what_it_used():
    clock, trail = stopped_between(*running(office(), 8, "mon 15:00"), "tue 12:00")
    assert clock.consumed == 5 * HOUR

    found = corrected(clock, trail, closed_on("2026-06-02"), moment("wed 12:00"))

    assert (found.status, found.due_at, found.consumed) == (Status.PAUSED, None, 2 * HOUR)
    assert clocks.resume(found, moment("thu 09:00")).due_at == moment("thu 15:00")


def test_longer_hours_can_put_the_due_moment_back():
    clock, trail = running(office(), 10, "mon 09:00")
    longer = office(("08:00", "20:00"))

    found = corrected(clock, trail, longer, moment("mon 20:00"))

    assert (clock.due_at, found.due_at) == (moment("tue 11:00"), moment("mon 19:00"))


def test_a_pause_after_the_corrected_due_moment_changed_nothing():
    """Rule 6. The clock had used up its target by the right hours when it was paused."""
    clock, trail = stopped_between(*running(office(), 10, "mon 09:00"), "tue 10:00")

    found = corrected(clock, trail, office(("08:00", "20:00")), moment("wed 12:00"))

    assert (found.status, found.holds, found.due_at) == (Status.RUNNING, (), moment("mon 19:00"))


def test_another_target_keeps_the_pause():
    """B04, golden case f: one hour is used, the pause is kept, three hours are left of four."""
    clock, trail = stopped_between(*running(office(), 4, "mon 09:00"), "mon 10:00", "mon 14:00")

    found = amended(clock, trail, 2 * HOUR, moment("mon 14:00"))

    assert (found.consumed, found.due_at) == (HOUR, moment("mon 15:00"))


def test_a_clock_born_overdue_is_dated_when_the_new_target_was_used_up():
    clock, trail = running(office(), 16, "mon 09:00")

    found = amended(clock, trail, 4 * HOUR, moment("tue 11:00"))

    assert found.due_at == moment("mon 13:00")


def test_a_new_target_used_up_before_a_pause_is_dated_before_it():
    clock, trail = stopped_between(*running(office(), 16, "mon 09:00"), "mon 15:00", "tue 12:00")

    assert amended(clock, trail, 5 * HOUR, moment("tue 16:00")).due_at == moment("mon 14:00")


def test_other_hours_count_from_the_amendment_on():
    clock, trail = running(office(), 8, "mon 13:00")

    found = amended(clock, trail, 8 * HOUR, moment("tue 09:00"), always())

    assert (found.consumed, found.due_at) == (4 * HOUR, moment("tue 13:00"))


def test_warnings_are_those_of_the_new_promise():
    clock, trail = running(office(), 8, "mon 09:00")

    found = amended(clock, trail, 4 * HOUR, moment("mon 10:00"), warnings=(75, 25))

    assert (found.percents, found.marks) == ((25, 75), (moment("mon 10:00"), moment("mon 12:00")))


def test_a_target_used_up_at_this_very_moment_is_not_late_yet():
    clock, trail = stopped_between(*running(office(), 8, "mon 09:00"), "mon 12:00")

    found = amended(clock, trail, 3 * HOUR, moment("mon 12:00"))

    assert (found.status, found.consumed) == (Status.PAUSED, 3 * HOUR)


LINES = [
    ("chosen", "mon 09:00", {"calendar_version": WRONG}),
    ("started", "mon 09:00", {}),
    ("paused", "mon 10:00", {"due_at": None}),
    ("paused", "mon 11:00", {"due_at": None}),
    ("resumed", "mon 12:00", {"due_at": None}),
    ("resumed", "mon 13:00", {"due_at": "2026-06-01T16:00:00+00:00"}),
    ("recomputed", "mon 14:00", {"calendar_version": OTHER}),
]


def test_a_trail_is_read_from_the_log():
    """One hold let go while another stays makes no clock run."""
    lines = [SimpleNamespace(kind=kind, at=moment(at), data=data) for kind, at, data in LINES]

    trail = trail_of(moment("mon 09:00"), lines)

    first, second = trail.legs
    assert first == Leg(moment("mon 09:00"), moment("mon 10:00"), WRONG)
    assert second == Leg(moment("mon 13:00"), moment("mon 14:00"), WRONG)
    assert (trail.since, trail.version) == (moment("mon 14:00"), OTHER)


def test_a_correction_reaches_back_to_hours_that_count_no_more():
    line = SimpleNamespace(
        kind="recomputed",
        at=moment("mon 15:00"),
        data={"calendar_version": OTHER, "wrong": [WRONG], "right": RIGHT},
    )
    lines = [SimpleNamespace(kind=kind, at=moment(at), data=data) for kind, at, data in LINES]

    trail = trail_of(moment("mon 09:00"), [*lines, line])

    assert [leg.version for leg in trail.opened] == [RIGHT, RIGHT, OTHER]


gaps = st.lists(st.integers(1, 2000), min_size=0, max_size=8)


@pytest.mark.parametrize("calendar", [office(), always(), office(tz="Europe/Berlin")])
@given(gaps=gaps, hours=st.integers(1, 60))
def test_what_a_trail_says_is_what_the_clock_counted(calendar, gaps, hours):
    """R8: through any pauses, the legs give the due moment and the time used, bit for bit."""
    at = moment("mon 09:00")
    clock, trail = clocks.start(calendar, hours * HOUR, at), Trail(WRONG, at)
    for gap in gaps:
        at += gap * MINUTE
        if clocks.overdue(clock.due_at, at) or clock.due_at == at:
            break
        stands = clock.status is Status.PAUSED
        clock = clocks.resume(clock, at) if stands else clocks.pause(clock, at)
        trail = trail.resumed(at) if stands else trail.paused(at)

    legs, calendars = (trail.opened if trail.since else trail.legs), {WRONG: calendar}
    assert used_up_at(legs, calendars, clock.target) == clock.due_at
    assert spent(trail.legs, calendars) == clock.consumed


@given(gaps=gaps, hours=st.integers(1, 60))
def test_a_correction_to_the_same_hours_changes_nothing(gaps, hours):
    at = moment("mon 09:00")
    clock, trail = clocks.marked(clocks.start(office(), hours * HOUR, at)), Trail(WRONG, at)
    for gap in gaps:
        at += gap * MINUTE
        stands = clock.status is Status.PAUSED
        if not stands and clock.due_at <= at:
            break
        clock = clocks.resume(clock, at) if stands else clocks.pause(clock, at)
        trail = trail.resumed(at) if stands else trail.paused(at)

    found = corrected(clock, trail, office(), at)

    assert replace(found, marks=()) == replace(clock, marks=())
    assert clock.status is Status.PAUSED or found.marks == clock.marks
