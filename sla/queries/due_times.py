"""Trying a due time: when a promise that starts then would be due, and which days it does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calendars.engine.business_time import BusinessCalendar, Closure, add_business_time, skipped_days
from calendars.models import Calendar
from calendars.queries import known_days

MOST_SHOWN = 10
WORDS = {
    Closure.HOLIDAY: "closed",
    Closure.BREAK: "closed for the hours it has",
    Closure.NO_HOURS: "no hours",
}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A local day on which nothing counts, and why."""

    on: date
    why: str


@dataclass(frozen=True, slots=True)
class DueTime:
    at: datetime
    minutes: int
    skipped: tuple[Skipped, ...]
    more: int


def due_time(calendar: Calendar, hours: BusinessCalendar, start: datetime, amount: timedelta) -> DueTime:
    """Raises ValueError where nothing can be due: no open time for ten years."""
    at = add_business_time(hours, start, amount)
    named = known_days(calendar)
    found = [
        Skipped(day.on, named[day.on].name if day.on in named else WORDS[day.reason])
        for day in skipped_days(hours, start, at)
    ]
    shown = tuple(found[:MOST_SHOWN])
    return DueTime(at, int(amount.total_seconds()) // 60, shown, len(found) - len(shown))
