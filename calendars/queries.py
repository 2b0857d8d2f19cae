"""Reading calendars: the version in force, its hours as a value, and whether it is open."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from calendars.engine.business_time import BusinessCalendar, is_open, next_closing, next_opening
from calendars.engine.closures import ClosedDay
from calendars.engine.dated import DatedDay, dated_days
from calendars.models import Calendar, CalendarVersion

UNNAMED = "Holiday"


@dataclass(frozen=True, slots=True)
class Openness:
    """Whether a calendar is open at a moment, and when that changes next."""

    is_open: bool
    changes_at: datetime | None


def active_calendars() -> QuerySet[Calendar]:
    """Calendars that can be worked by, by name."""
    return Calendar.objects.filter(is_active=True)


def with_current_version() -> QuerySet[Calendar]:
    """Active calendars by name; `current` of each is a list with its current version."""
    versions = CalendarVersion.objects.filter(is_current=True)
    return active_calendars().prefetch_related(Prefetch("versions", versions, to_attr="current"))


def current_version(calendar: Calendar) -> CalendarVersion:
    """The version that new clocks are started with."""
    return calendar.versions.get(is_current=True)


def business_calendar(version: CalendarVersion) -> BusinessCalendar:
    """The hours of a version; building the value costs more than finding the same rules again."""
    return _read(json.dumps(version.rules, sort_keys=True))


def days_of(calendar: Calendar, version: CalendarVersion) -> list[DatedDay]:
    """Every day of a version that differs from its week, by date."""
    return dated_days(version.rules, known_days(calendar))


def known_days(calendar: Calendar) -> dict[date, ClosedDay]:
    """The days that have a name, with where they come from."""
    rows = calendar.holidays.values_list("on", "name", "source")
    return {on: ClosedDay(on, name, source) for on, name, source in rows}


def fingerprint(calendar: Calendar) -> str:
    """The same for as long as nobody changes the name, the hours or the holidays."""
    known = [calendar.name, current_version(calendar).number, *calendar.holidays.values_list("on", "name")]
    return hashlib.sha256(json.dumps(known, default=str).encode()).hexdigest()[:32]


def openness(calendar: BusinessCalendar, at: datetime) -> Openness:
    opened = is_open(calendar, at)
    return Openness(opened, next_closing(calendar, at) if opened else next_opening(calendar, at))


@lru_cache(maxsize=512)
def _read(rules: str) -> BusinessCalendar:
    return BusinessCalendar.from_dict(json.loads(rules))
