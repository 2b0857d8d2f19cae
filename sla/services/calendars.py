"""Changing working calendars, by those who may. Running clocks keep the version they were started with.

Every change names, by its fingerprint, what the person had before their eyes, and raises Conflict where
somebody saved meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from calendars import services
from calendars.engine.closures import ClosedDay
from calendars.engine.dated import DatedDay, DayKind, with_days
from calendars.models import Calendar, CalendarVersion
from calendars.queries import current_version, days_of
from calendars.services import Names
from common.database.naming import alone_in_naming
from common.refusals import Invalid, NotAllowed

MOST_DAYS_A_YEAR = 150  # what one page of rows can hold and send


@dataclass(frozen=True, slots=True)
class Week:
    """What the page of opening hours says: a name, a zone, and the hours of each weekday."""

    name: str
    tz: str
    hours: Mapping[str, list[list[str]]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody picked from a list of closed days: days that come in or are called so, and days that go."""

    source: str
    closed: tuple[ClosedDay, ...]
    dropped: frozenset[date]


@transaction.atomic
def create(week: Week, *, by: User) -> Calendar:
    """Raises NotAllowed, or Invalid for hours that make no sense."""
    _must_configure(by)
    return services.create(week.name, {"tz": week.tz, "hours": week.hours}, by=by.pk)


@transaction.atomic
def revise_week(calendar: Calendar, week: Week, *, seen: str, by: User) -> CalendarVersion:
    """A new version where the hours differ; the one in force is never edited, and its days stay."""
    _opened(calendar, seen, by)
    services.rename(calendar, week.name)
    rules = current_version(calendar).rules | {"tz": week.tz, "hours": week.hours}
    return services.revise(calendar, rules, by=by.pk)


@transaction.atomic
def revise_days(
    calendar: Calendar, year: int, days: Iterable[DatedDay], *, seen: str, by: User
) -> CalendarVersion:
    """The days of one year become these; those of other years stay."""
    _opened(calendar, seen, by)
    before = days_of(calendar, current_version(calendar))
    after = [*(day for day in before if day.on.year != year), *days]
    _refuse_fuller_years(before, after)
    return _write_days(calendar, after, by)


@transaction.atomic
def take_over(calendar: Calendar, taken: Taken, *, seen: str, by: User) -> int:
    """How many days changed. What was entered by hand, or came from elsewhere, is neither renamed nor dropped."""
    _opened(calendar, seen, by)
    before = days_of(calendar, current_version(calendar))
    ours = {day.on for day in before if day.kind is DayKind.CLOSED and day.source == taken.source}
    others = {day.on for day in before} - ours
    closed = {day.on: day for day in taken.closed if day.on not in others}
    gone = (taken.dropped & ours) | closed.keys()
    kept = [day for day in before if day.kind is not DayKind.CLOSED or day.on not in gone]
    added = [DatedDay(day.on, DayKind.CLOSED, (), day.name, taken.source) for day in closed.values()]
    _refuse_fuller_years(before, [*kept, *added])
    _write_days(calendar, [*kept, *added], by)
    return len(gone)


def _refuse_fuller_years(before: Iterable[DatedDay], after: Iterable[DatedDay]) -> None:
    """A year that had too many days already may keep or lose some: it must not stop every other change."""
    had = Counter(day.on.year for day in before)
    for year, count in sorted(Counter(day.on.year for day in after).items()):
        if count > max(MOST_DAYS_A_YEAR, had[year]):
            words = f"{year} would have {count} days that differ; a year has up to {MOST_DAYS_A_YEAR}."
            raise Invalid({"": f"{words} Regular closures are opening hours."})


def _write_days(calendar: Calendar, days: list[DatedDay], by: User) -> CalendarVersion:
    closed = {day.on: day for day in days if day.kind is DayKind.CLOSED}
    names = Names(
        closed={on: day.name for on, day in closed.items() if day.name},
        sources={on: day.source for on, day in closed.items() if day.source},
        differing={day.on: day.name for day in days if day.name and day.on not in closed},
    )
    rules: dict[str, Any] = with_days(current_version(calendar).rules, days)
    return services.revise_named(calendar, rules, names, by=by.pk)


def _opened(calendar: Calendar, seen: str, by: User) -> None:
    _must_configure(by)
    alone_in_naming(Calendar)
    services.must_be_unchanged(calendar, seen)


def _must_configure(by: User) -> None:
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change calendars.")
