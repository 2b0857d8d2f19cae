"""Who held a cycle for how much working time, and what of its clocks was used meanwhile; one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.engine.business_time import BusinessCalendar, business_time_between
from calendars.models import CalendarVersion
from calendars.queries import business_calendar
from common.templatetags.words import span as in_words
from leads.models import Assignment
from sla.engine.timeline import counted
from sla.queries.faces import ALWAYS
from sla.queries.reasons import hours_a_day
from sla.queries.timeline import ClockTimeline


@dataclass(frozen=True, slots=True)
class Holding:
    """One ownership span. `held` is working time by its team, `day` the hours of a working day there.

    `missed` says what fell due in it.
    """

    span: Assignment
    held: timedelta
    day: float
    missed: tuple[str, ...] = ()


def holdings(spans: Sequence[Assignment], clocks: Iterable[ClockTimeline], *, at: datetime) -> list[Holding]:
    """In the order given. Select `team` and `person` beforehand."""
    hours = _hours_of(spans)
    owed_by_sales = [clock for clock in clocks if clock.side != "marketing"]
    return [_holding(span, hours.get(_calendar(span), ALWAYS), owed_by_sales, at) for span in spans]


def _holding(
    span: Assignment, hours: BusinessCalendar, clocks: Iterable[ClockTimeline], at: datetime
) -> Holding:
    held = business_time_between(hours, span.from_at, span.until_at or at)
    return Holding(span, held, hours_a_day(hours), tuple(_missed(span, clocks)))


def _hours_of(spans: Iterable[Assignment]) -> dict[int, BusinessCalendar]:
    wanted = {_calendar(span) for span in spans} - {0}
    versions = CalendarVersion.objects.filter(is_current=True, calendar__in=wanted)
    return {version.calendar_id: business_calendar(version) for version in versions}


def _calendar(span: Assignment) -> int:
    return span.team.calendar_id if span.team else 0


def _missed(span: Assignment, clocks: Iterable[ClockTimeline]) -> Iterable[str]:
    """A clock that fell due in this span, and how much of its time they had: two minutes are nobody's fault."""
    for clock in clocks:
        due = clock.missed_at
        if due and span.from_at <= due and (span.until_at is None or due < span.until_at):
            had = counted(clock.course, span.from_at, due)
            yield f"{clock.label} missed, {in_words(had, clock.day)} of it theirs"
