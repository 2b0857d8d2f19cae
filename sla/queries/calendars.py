"""What the pages of calendars show: each day's windows, what is open now, the days of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from calendars.engine.business_time import BusinessCalendar, business_time_between
from calendars.engine.clock_changes import ClockChange, clock_changes
from calendars.engine.dated import DatedDay
from calendars.engine.instants import DAY
from calendars.engine.notation import WEEKDAYS
from calendars.engine.zones import load_zone
from calendars.models import Calendar, CalendarVersion
from calendars.queries import business_calendar, openness, with_current_version
from sla.models import Clock, ContractVersion

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROUND_THE_CHANGE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Now:
    """Whether a calendar is open at a moment, and when that changes: on its own clock and on the reader's."""

    at: datetime
    is_open: bool
    changes_at: datetime | None
    zone: ZoneInfo
    reader: Any

    @property
    def differs(self) -> bool:
        """The reader's clock shows another time than the calendar's."""
        at = self.changes_at
        return (
            at is not None and at.astimezone(self.zone).utcoffset() != at.astimezone(self.reader).utcoffset()
        )


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday: its windows in words and as places of a band, and the time open."""

    name: str
    windows: str
    spans: tuple[dict[str, Any], ...]
    open_for: timedelta

    @property
    def hours(self) -> str:
        """The time open: "8 h", "7 h 30 m", "0 h"."""
        return hours_a_week((self,))


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One line of the list of calendars."""

    calendar: Calendar
    version: CalendarVersion
    hours: BusinessCalendar
    now: Now

    @property
    def week(self) -> str:
        """The hours open in a week: "40 h", "44 h 30 m"."""
        return hours_a_week(week_of(self.hours))


@dataclass(frozen=True, slots=True)
class ShiftedNight:
    """A change of the clock, and whether anything is open in the hours around it."""

    change: ClockChange
    is_open: bool


def calendar_rows(at: datetime) -> list[CalendarRow]:
    """Active calendars by name, with `teams` counted: two queries for any number."""
    counted = with_current_version().annotate(team_count=Count("teams", filter=Q(teams__is_active=True)))
    by_name = counted.order_by("name")  # counting forgets the order of the model
    return [_row(calendar, at) for calendar in by_name if vars(calendar)["current"]]


@dataclass(frozen=True, slots=True)
class Week:
    """The usual week of one calendar."""

    calendar: Calendar
    days: tuple[DayRow, ...]

    @property
    def words(self) -> str:
        """ "Mon to Thu 08:00 to 17:00; Fri 08:00 to 16:00; Sat, Sun closed"; days of the same hours together."""
        said = []
        for hours, same in groupby(self.days, key=lambda day: day.windows):
            names = [day.name[:3] for day in same]
            days = f"{names[0]} to {names[-1]}" if len(names) > 2 else ", ".join(names)
            said.append(f"{days} {hours[:1].lower()}{hours[1:]}")
        return "; ".join(said)


def weeks_of(version: ContractVersion) -> list[Week]:
    """Of the calendars that its promises name: two queries for any number."""
    named = with_current_version().filter(pk__in=version.commitments.values("calendar")).order_by("name")
    current = [(calendar, vars(calendar)["current"]) for calendar in named]
    return [
        Week(calendar, tuple(week_of(business_calendar(found[0])))) for calendar, found in current if found
    ]


def _row(calendar: Calendar, at: datetime) -> CalendarRow:
    version: CalendarVersion = vars(calendar)["current"][0]
    hours = business_calendar(version)
    return CalendarRow(calendar, version, hours, now_of(hours, at))


def now_of(hours: BusinessCalendar, at: datetime) -> Now:
    """For the reader whose zone is active."""
    found = openness(hours, at)
    return Now(at, found.is_open, found.changes_at, load_zone(hours.tz), timezone.get_current_timezone())


def week_of(hours: BusinessCalendar) -> list[DayRow]:
    written = hours.to_dict()["hours"]
    week = [written.get(key, []) for key in WEEKDAYS]
    return [_day(at, week, ranges) for at, ranges in enumerate(hours.hours)]


def hours_a_week(week: Iterable[DayRow]) -> str:
    open_for = sum((row.open_for for row in week), timedelta())
    hours, minutes = divmod(int(open_for.total_seconds()) // 60, 60)
    return f"{hours} h {minutes:02} m" if minutes else f"{hours} h"


def _day(at: int, week: list[list[list[str]]], ranges: tuple[tuple[int, int], ...]) -> DayRow:
    spans = tuple(
        {"start": start / DAY * 100, "end": end / DAY * 100, "kind": "run"} for start, end in ranges
    )
    open_for = timedelta(microseconds=sum(end - start for start, end in ranges))
    return DayRow(DAYS[at], _words(at, week), spans, open_for)


def _words(at: int, week: list[list[list[str]]]) -> str:
    """ "09:00 to 12:00 and 13:00 to 17:00"; what goes on past midnight says until when."""
    windows, following = week[at], week[(at + 1) % 7]
    if not windows:
        return "Closed"
    if windows == [["00:00", "24:00"]]:
        return "All day"
    words = " and ".join(f"{start} to {end}" for start, end in windows)
    if windows[-1][1] != "24:00" or not following or following[0][0] != "00:00":
        return words
    return f"{words}, then on until {following[0][1]} on {DAYS[(at + 1) % 7]}"


def years_of(days: Iterable[DatedDay], this: int) -> list[int]:
    """The years that have days, and always this one and the next."""
    return sorted({this, this + 1} | {day.on.year for day in days})


def shifted_nights(hours: BusinessCalendar, at: datetime) -> list[ShiftedNight]:
    """The next two changes of the clock in the zone of the calendar."""
    found = islice(clock_changes(hours.tz, at), 2)
    return [ShiftedNight(one, _is_open_around(hours, one.at)) for one in found]


def _is_open_around(hours: BusinessCalendar, at: datetime) -> bool:
    return bool(business_time_between(hours, at - ROUND_THE_CHANGE, at + ROUND_THE_CHANGE))


def running_clocks_of(calendar: Calendar) -> int:
    """Clocks that run now in any version of it."""
    return Clock.objects.filter(calendar_version__calendar=calendar, status=Clock.Status.RUNNING).count()
