"""The calendars and local moments that reliability.md and domain.md tell their cases in."""

from datetime import datetime, timedelta
from typing import Any

from calendars.engine.business_time import BusinessCalendar
from calendars.engine.zones import load_zone

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*WORKDAYS, "sat", "sun")


def make_calendar(
    *ranges: str, tz: str = "Europe/Berlin", days: tuple[str, ...] = WORKDAYS, **rest: Any
) -> BusinessCalendar:
    """Hours are written "09:00-17:00", the same on each of the days."""
    hours = [text.split("-") for text in ranges or ("09:00-17:00",)]
    return BusinessCalendar.from_dict({"tz": tz, "hours": dict.fromkeys(days, hours), **rest})


def all_day(tz: str) -> BusinessCalendar:
    return make_calendar("00:00-24:00", tz=tz, days=EVERY_DAY)


def local(calendar: BusinessCalendar, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=load_zone(calendar.tz), fold=fold)


def shown(calendar: BusinessCalendar, at: datetime) -> str:
    """What a clock on the wall of the calendar's place shows."""
    return f"{at.astimezone(load_zone(calendar.tz)):%Y-%m-%d %H:%M}"


BER = make_calendar()
NYC = make_calendar(tz="America/New_York")
