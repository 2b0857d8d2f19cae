"""Whom a miss names. Whoever got the lead shortly before it fell due is not blamed personally (domain rule 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from calendars.models import CalendarVersion
from leads.models import Assignment
from sla.engine.trail import Calendars, Leg, counted_within, trail_of
from sla.models import Breach, ClockEvent
from sla.services.hours import hours_of

SHARE = 0.5  # of the clock's own time
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class _TakenOver:
    """A miss whose person got the lead after its clock had begun."""

    breach: int
    clock: int
    handoff: int
    person: int
    started_at: datetime
    at: datetime
    target: timedelta


def spare_late_holders(misses: QuerySet[Breach]) -> None:
    """Mark the misses whose person had the lead for less than half of the time that the clock ran, in its own hours.

    A few statements for any number of misses, and one where nobody took over.
    """
    taken_over = _taken_over(misses)
    if not taken_over:
        return
    legs, spans = _legs_of(taken_over), _spans_of(taken_over)
    hours = _hours_of(leg for found in legs.values() for leg in found)
    late = [
        one.breach
        for one in taken_over
        if sum((counted_within(legs[one.clock], hours, *span) for span in spans[one.breach]), timedelta())
        < SHARE * one.target
    ]
    Breach.objects.filter(pk__in=late).update(got_late=True)


def _taken_over(misses: QuerySet[Breach]) -> list[_TakenOver]:
    spans = Assignment.objects.filter(handoff=OuterRef("clock__handoff"), person=OuterRef("person"))
    spans = spans.filter(from_at__lte=OuterRef("at")).order_by("-from_at", "-pk")
    held = misses.exclude(person=None).exclude(clock__handoff=None)
    found = held.annotate(since=Subquery(spans.values("from_at")[:1])).filter(
        since__gt=F("clock__started_at")
    )
    columns = ("pk", "clock", "clock__handoff", "person", "clock__started_at", "at", "clock__target")
    return [_TakenOver(*row) for row in found.values_list(*columns)]


def _legs_of(taken_over: Iterable[_TakenOver]) -> dict[int, Sequence[Leg]]:
    """The stretches in which each clock ran until it fell due, from its log."""
    due = {one.clock: one for one in taken_over}
    lines: dict[int, list[ClockEvent]] = defaultdict(list)
    for line in ClockEvent.objects.filter(clock__in=due).order_by("clock", "pk"):
        lines[line.clock_id].append(line)
    return {key: trail_of(one.started_at, lines[key]).paused(one.at).legs for key, one in due.items()}


def _spans_of(taken_over: Sequence[_TakenOver]) -> dict[int, list[Span]]:
    """When the person of each miss had the lead before it fell due, once or several times."""
    held = Q(handoff__in=[one.handoff for one in taken_over], person__in=[one.person for one in taken_over])
    known: dict[tuple[int, int], list[Assignment]] = defaultdict(list)
    for span in Assignment.objects.filter(held):
        known[span.handoff_id, span.person_id or 0].append(span)
    return {
        one.breach: [
            (span.from_at, min(span.until_at or one.at, one.at))
            for span in known[one.handoff, one.person]
            if span.from_at < one.at
        ]
        for one in taken_over
    }


def _hours_of(legs: Iterable[Leg]) -> Calendars:
    """Of no calendar all hours."""
    wanted = {leg.version for leg in legs}
    versions = CalendarVersion.objects.in_bulk([version for version in wanted if version is not None])
    return {
        version: hours_of(versions[version] if version is not None else None).calendar for version in wanted
    }
