"""Whom a miss names. Whoever got the lead shortly before it fell due is not blamed personally (domain rule 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery

from calendars.engine.business_time import BusinessCalendar, business_time_between
from calendars.models import CalendarVersion
from leads.models import Assignment
from sla.models import Breach
from sla.services.hours import hours_of

SHARE = 0.5  # of the clock's own time


def spare_late_holders(misses: QuerySet[Breach]) -> None:
    """Mark the misses whose person held the lead for less than half of the clock's time, in its own hours."""
    taken_over = _taken_over(misses)
    hours = _hours_of({one.calendar for one in taken_over})
    late = [
        one.breach
        for one in taken_over
        if business_time_between(hours[one.calendar], one.since, one.at) < SHARE * one.target
    ]
    if late:
        Breach.objects.filter(pk__in=late).update(got_late=True)


class _TakenOver(NamedTuple):
    """A miss whose person got the lead after the clock had begun."""

    breach: int
    since: datetime
    at: datetime
    target: timedelta
    calendar: int | None


def _taken_over(misses: QuerySet[Breach]) -> list[_TakenOver]:
    """One look for a whole batch."""
    spans = Assignment.objects.filter(handoff=OuterRef("clock__handoff"), person=OuterRef("person"))
    spans = spans.filter(from_at__lte=OuterRef("at")).order_by("-from_at", "-pk")
    held = misses.exclude(person=None).exclude(clock__handoff=None)
    found = held.annotate(since=Subquery(spans.values("from_at")[:1]))
    rows = found.filter(since__gt=F("clock__started_at"))
    return [
        _TakenOver(*row)
        for row in rows.values_list("pk", "since", "at", "clock__target", "clock__calendar_version")
    ]


def _hours_of(calendars: set[int | None]) -> dict[int | None, BusinessCalendar]:
    """Of no calendar all hours."""
    versions = CalendarVersion.objects.in_bulk(calendars - {None})
    return {key: hours_of(versions.get(key) if key else None).calendar for key in calendars}
