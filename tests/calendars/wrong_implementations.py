"""Wrong implementations of business time that people really wrote, each as small as its mistake."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    is_open,
    next_opening,
    subtract_business_time,
)
from calendars.engine.zones import load_zone
from tests.calendars.cases import MINUTE
from tests.calendars.vectors import Implementation, Running
from tests.calendars.wrong_readings import WRONG_READINGS

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOTHING = timedelta()


def wall_clock_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    return start + amount


def local_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """A28: the right number of hours, then added to a local moment, which is wall arithmetic."""
    due = add_business_time(calendar, start, amount)
    return (start.astimezone(load_zone(calendar.tz)) + (due - start)).astimezone(UTC)


def local_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Python subtracts two moments of the same zone by what their clocks show."""
    zone = load_zone(calendar.tz)
    wrong = end.astimezone(zone) - start.astimezone(zone) - (end - start)
    return business_time_between(calendar, start, end) + wrong


def due_at_next_opening(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    due = add_business_time(calendar, start, amount)
    return next_opening(calendar, due) or due


def skipping_keeps_time_of_day(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """A16: a closed start moves on day by day, but keeps its hour."""
    for _ in range(366):
        if is_open(calendar, start):
            break
        start += DAY
    return add_business_time(calendar, start, amount)


def whole_minutes_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    return add_business_time(calendar, start.replace(second=0, microsecond=0), amount)


def whole_seconds_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    return add_business_time(calendar, start.replace(microsecond=0), amount)


def bounded_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """A21: the guard against an endless loop bounds the span, not the closed time."""
    return min(add_business_time(calendar, start, amount), start + 90 * DAY)


def whole_days_add(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """A day of work is taken to be a day."""
    days, rest = divmod(amount, timedelta(hours=8))
    return add_business_time(calendar, start + days * DAY, rest)


def start_on_closed_day_counts_at_once(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> timedelta:
    """A15"""
    opening = next_opening(calendar, start) or start
    return business_time_between(calendar, start, end) + max(min(opening, end) - start, NOTHING)


def negative_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    return business_time_between(calendar, start, end) - business_time_between(calendar, end, start)


def both_ends_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Counts the minutes of [start, end] with both ends."""
    return business_time_between(calendar, start, max(end, start) + MINUTE)


def open_at_closing(calendar: BusinessCalendar, at: datetime) -> bool:
    """A22"""
    return is_open(calendar, at) or is_open(calendar, at - SECOND)


def closed_at_opening(calendar: BusinessCalendar, at: datetime) -> bool:
    return is_open(calendar, at) and is_open(calendar, at - SECOND)


def wall_clock_subtract(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """A07"""
    return start - amount


def subtract_to_the_earliest(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """The earliest moment with that much time after it lies at the closing edge, not at the opening."""
    result = subtract_business_time(calendar, start, amount)
    before = result - SECOND
    return result if is_open(calendar, before) else subtract_business_time(calendar, before, NOTHING)


def subtract_nothing_is_start(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    return subtract_business_time(calendar, start, amount) if amount else start


class WallClockPause(Implementation):
    """A09, B: the pause is added to the due moment as it stands on the wall."""

    def run(self, calendar: Any, running: Running, budget: timedelta) -> tuple[datetime, list[timedelta]]:
        _, pauses = super().run(calendar, running, budget)
        due = self.add(calendar, running[0][0], budget)
        for (_, pause), (resumed, _) in pairwise(running):
            if due > pause:
                due += resumed - pause
        return due, pauses


class PauseIgnored(Implementation):
    def run(self, calendar: Any, running: Running, budget: timedelta) -> tuple[datetime, list[timedelta]]:
        return self.add(calendar, running[0][0], budget), super().run(calendar, running, budget)[1]


class PauseStartsAgain(Implementation):
    def run(self, calendar: Any, running: Running, budget: timedelta) -> tuple[datetime, list[timedelta]]:
        _, pauses = super().run(calendar, running, budget)
        return self.add(calendar, running[len(pauses)][0], budget), pauses


class ClosedTimeConsumed(Implementation):
    """What ran before the pause is taken off by the wall clock."""

    def run(self, calendar: Any, running: Running, budget: timedelta) -> tuple[datetime, list[timedelta]]:
        pauses = []
        for start, pause in running:
            due = self.add(calendar, start, budget)
            if pause is None or due <= pause:
                break
            budget -= min(pause - start, budget)
            pauses.append(budget)
        return due, pauses


class SwitchStartsAgain(Implementation):
    def switch(
        self, calendars: tuple[Any, Any], moments: tuple[datetime, datetime], budget: timedelta
    ) -> tuple[datetime, timedelta | None]:
        due, left = super().switch(calendars, moments, budget)
        return (due if left is None else self.add(calendars[1], moments[1], budget)), left


class SwitchIgnored(Implementation):
    def switch(
        self, calendars: tuple[Any, Any], moments: tuple[datetime, datetime], budget: timedelta
    ) -> tuple[datetime, timedelta | None]:
        return self.add(calendars[0], moments[0], budget), super().switch(calendars, moments, budget)[1]


WRONG = WRONG_READINGS | {
    "wall clock instead of business time (A17)": Implementation(add=wall_clock_add),
    "local arithmetic in adding (A28)": Implementation(add=local_add),
    "local arithmetic in subtracting two moments": Implementation(between=local_between),
    "due at the next opening": Implementation(add=due_at_next_opening),
    "a skipped day keeps the time of day (A16)": Implementation(add=skipping_keeps_time_of_day),
    "whole minutes": Implementation(add=whole_minutes_add),
    "whole seconds": Implementation(add=whole_seconds_add),
    "span bounded instead of closed time (A21)": Implementation(add=bounded_add),
    "a working day is a day": Implementation(add=whole_days_add),
    "a closed start counts at once (A15)": Implementation(between=start_on_closed_day_counts_at_once),
    "reversed moments are negative": Implementation(between=negative_between),
    "both ends counted": Implementation(between=both_ends_between),
    "open at closing (A22)": Implementation(is_open=open_at_closing),
    "closed at opening": Implementation(is_open=closed_at_opening),
    "wall clock before due (A07)": Implementation(subtract=wall_clock_subtract),
    "subtracting to the earliest moment": Implementation(subtract=subtract_to_the_earliest),
    "subtracting nothing answers the start": Implementation(subtract=subtract_nothing_is_start),
    "a pause is wall clock (A09)": WallClockPause(),
    "a pause is ignored": PauseIgnored(),
    "a pause starts the budget again": PauseStartsAgain(),
    "closed time is consumed before a pause": ClosedTimeConsumed(),
    "a new calendar starts the budget again": SwitchStartsAgain(),
    "a new calendar is ignored": SwitchIgnored(),
}
