"""Reading calendars: the version in force, its hours as a value, and whether it is open."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Prefetch, QuerySet

from calendars.engine.business_time import BusinessCalendar, is_open, next_closing, next_opening
from calendars.engine.closures import ClosedDay
from calendars.engine.dated import DatedDay, dated_days
from calendars.models import Calendar, CalendarVersion

log = logging.getLogger(__name__)

UNNAMED = "Holiday"
# What rules that are none can raise.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


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
    """The hours of a version; building the value costs more than finding the same rules again.

    One that something has spoilt stops nobody's work: the newest readable version before it counts, else all
    hours (R20). The watchers say so.
    """
    try:
        return _read(json.dumps(version.rules, sort_keys=True))
    except UNREADABLE as error:
        log.error("Version %s of calendar %s cannot be read: %s", version.number, version.calendar_id, error)
        return _instead_of(version)


def unreadable() -> int:
    """How many calendars have a current version that cannot be read."""
    current = CalendarVersion.objects.filter(is_current=True).values_list("rules", flat=True)
    return sum(not _is_readable(rules) for rules in current)


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


def _instead_of(version: CalendarVersion) -> BusinessCalendar:
    earlier = CalendarVersion.objects.filter(calendar=version.calendar_id, number__lt=version.number)
    for rules in earlier.order_by("-number").values_list("rules", flat=True):
        if _is_readable(rules):
            return _read(json.dumps(rules, sort_keys=True))
    return BusinessCalendar.always()


def _is_readable(rules: object) -> bool:
    try:
        _read(json.dumps(rules, sort_keys=True))
    except UNREADABLE:
        return False
    return True


@lru_cache(maxsize=512)
def _read(rules: str) -> BusinessCalendar:
    return BusinessCalendar.from_dict(json.loads(rules))
