"""Calendars and moments of the pure tests. A week in June 2026: the 1st is a Monday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from calendars.engine.business_time import BusinessCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DAYS = {
    name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start=1)
}
MINUTE, HOUR, MICROSECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(microseconds=1)


def office(*ranges: tuple[str, str], tz: str = "UTC") -> BusinessCalendar:
    """Monday to Friday within these hours; nine to five unless said otherwise."""
    hours = [list(pair) for pair in ranges or (("09:00", "17:00"),)]
    return BusinessCalendar.from_dict({"tz": tz, "hours": dict.fromkeys(WEEKDAYS, hours)})


def always() -> BusinessCalendar:
    return BusinessCalendar.always()


def moment(text: str, tz: str = "UTC") -> datetime:
    """`fri 16:30` of the first week of June 2026, `+mon 09:30` of the second, `2026-03-27 16:30` of any."""
    day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    if day[0].isdigit():
        at = datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=ZoneInfo(tz))
    else:
        at = datetime(2026, 6, DAYS[day[-3:]] + 7 * day.count("+"), hour, minute, tzinfo=ZoneInfo(tz))
    return at.astimezone(UTC)
