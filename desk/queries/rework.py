"""How often sales asked for more about a lead, and how long marketing worked on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.engine.business_time import business_time_between
from leads.models import Handoff, LeadEvent
from sla.models import Clock
from sla.queries.faces import calendar_of

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Rework:
    """Rounds of "returned for info" of one cycle, and their business time where a promise measured it."""

    rounds: int
    spent: timedelta | None


def rework_of(handoff: Handoff | None, at: datetime) -> Rework | None:
    """None where the cycle never was returned: two queries at most."""
    rounds = handoff.events.filter(kind=LeadEvent.Kind.RETURNED).count() if handoff else 0
    if not rounds:
        return None
    clocks = Clock.objects.filter(handoff=handoff, kind=Clock.Kind.REWORK).select_related("calendar_version")
    spent = [_spent(clock, at) for clock in clocks]
    return Rework(rounds, sum(spent, NOTHING) if spent else None)


def _spent(clock: Clock, at: datetime) -> timedelta:
    if clock.running_since is None:
        return clock.consumed
    calendar = calendar_of(clock.calendar_version)
    return clock.consumed + business_time_between(calendar, clock.running_since, at)
