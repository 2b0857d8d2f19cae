"""Counting working days: those on which a calendar opens at all, in its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.engine.business_time import BusinessCalendar, NeverOpensError

LONGEST_CLOSURE = timedelta(days=3660)


def end_of_working_day(calendar: BusinessCalendar, at: datetime, days: int) -> datetime:
    """The local midnight that ends the last of so many working days after the day of `at`. Raises NeverOpensError."""
    zone = ZoneInfo(calendar.tz)
    first = day = at.astimezone(zone).date()
    while days:
        day += timedelta(days=1)
        if day - first > LONGEST_CLOSURE:
            raise NeverOpensError
        days -= bool(calendar.line.ranges_on(day.toordinal() - 1))
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
