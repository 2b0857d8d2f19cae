"""What the pages of calendars show: each day's windows, what is open now, who works by a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Team
from calendars.engine.business_time import BusinessCalendar
from calendars.engine.notation import WEEKDAYS
from calendars.models import Calendar, CalendarVersion
from calendars.queries import Openness, business_calendar, openness, with_current_version
from sla.models import Clock

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday: its windows in words and as places of a band, and the time open."""

    name: str
    windows: str
    spans: tuple[dict[str, Any], ...]
    open_for: timedelta


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One line of the list of calendars."""

    calendar: Calendar
    version: CalendarVersion
    hours: BusinessCalendar
    now: Openness

    @property
    def week(self) -> str:
        """The hours open in a week: "40 h", "44 h 30 m"."""
        open_for = sum((row.open_for for row in week_of(self.hours)), timedelta())
        hours, minutes = divmod(int(open_for.total_seconds()) // 60, 60)
        return f"{hours} h {minutes:02} m" if minutes else f"{hours} h"


def calendar_rows(at: datetime) -> list[CalendarRow]:
    """Active calendars by name, with `teams` counted: two queries for any number."""
    counted = with_current_version().annotate(team_count=Count("teams", filter=Q(teams__is_active=True)))
    by_name = counted.order_by("name")  # counting forgets the order of the model
    return [_row(calendar, at) for calendar in by_name if vars(calendar)["current"]]


def _row(calendar: Calendar, at: datetime) -> CalendarRow:
    version: CalendarVersion = vars(calendar)["current"][0]
    hours = business_calendar(version)
    return CalendarRow(calendar, version, hours, openness(hours, at))


def week_of(hours: BusinessCalendar) -> list[DayRow]:
    written = hours.to_dict()["hours"]
    return [
        _day(name, written.get(key, []), ranges)
        for name, key, ranges in zip(DAYS, WEEKDAYS, hours.hours, strict=True)
    ]


def _day(name: str, windows: list[list[str]], ranges: tuple[tuple[int, int], ...]) -> DayRow:
    spans = tuple(
        {"start": start / MICROSECONDS_A_DAY * 100, "end": end / MICROSECONDS_A_DAY * 100, "kind": "run"}
        for start, end in ranges
    )
    words = " and ".join(f"{start} to {end}" for start, end in windows) or "Closed"
    return DayRow(name, words, spans, timedelta(microseconds=sum(end - start for start, end in ranges)))


def teams_of(calendar: Calendar) -> QuerySet[Team]:
    return Team.objects.filter(Q(calendar=calendar) | Q(memberships__calendar=calendar)).distinct()


def running_clocks_of(calendar: Calendar) -> int:
    """Clocks that run now in any version of it."""
    return Clock.objects.filter(calendar_version__calendar=calendar, status=Clock.Status.RUNNING).count()
