"""Which clocks a recompute concerns. Finished ones are no concern of it; missed ones only of a correction."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from calendars.models import CalendarVersion
from sla.models import Clock, ClockEvent, ContractVersion, Recompute

OPEN = (Clock.Status.RUNNING, Clock.Status.PAUSED)
LOOKED_AT = (*OPEN, Clock.Status.BREACHED)
VERSIONED = (ClockEvent.Kind.CHOSEN, ClockEvent.Kind.RECOMPUTED)


def earlier_hours(version: CalendarVersion) -> list[int]:
    """The versions of the same calendar that this one corrects."""
    earlier = CalendarVersion.objects.filter(calendar=version.calendar_id, number__lt=version.number)
    return list(earlier.order_by("pk").values_list("pk", flat=True))


def by_earlier_hours(version: CalendarVersion) -> QuerySet[Clock]:
    """Clocks, whatever their state, that count by an earlier version."""
    return Clock.objects.filter(calendar_version__in=earlier_hours(version))


def moved_away_from(version: CalendarVersion) -> QuerySet[ClockEvent]:
    """Log lines of open and missed clocks by which other hours took over from an earlier version.

    Such clocks are few, and only their log knows that part of their time was counted by that version.
    """
    wrong = earlier_hours(version)
    log = ClockEvent.objects.filter(clock=OuterRef("clock"))
    moves = ClockEvent.objects.filter(kind=ClockEvent.Kind.RECOMPUTED, clock__status__in=LOOKED_AT)
    return (
        moves.exclude(data__has_key="wrong")
        .exclude(clock__calendar_version__in=wrong)
        .filter(
            Exists(log.filter(kind__in=VERSIONED, data__calendar_version__in=wrong)),
            ~Exists(log.filter(kind=ClockEvent.Kind.RECOMPUTED, data__right=version.pk)),
        )
    )


def under_earlier_terms(version: ContractVersion) -> QuerySet[Clock]:
    """Open clocks that run by an earlier version of the contract."""
    return Clock.objects.filter(
        status__in=OPEN,
        commitment__version__contract=version.contract_id,
        commitment__version__number__lt=version.number,
    )


def concerned(recompute: Recompute) -> QuerySet[Clock]:
    """What it looks at: open clocks, and of a correction what was missed by wrong hours."""
    if recompute.calendar_version:
        return by_earlier_hours(recompute.calendar_version).filter(status__in=LOOKED_AT)
    assert recompute.contract_version is not None  # noqa: S101 - recompute_has_one_subject
    return under_earlier_terms(recompute.contract_version)


def of_leads(recompute: Recompute, leads: Sequence[int]) -> QuerySet[Clock]:
    """The clocks of some leads among which it finds those it concerns: their trails tell."""
    if recompute.calendar_version:
        return Clock.objects.filter(lead__in=leads, status__in=LOOKED_AT)
    return concerned(recompute).filter(lead__in=leads)


def leads_elsewhere(recompute: Recompute) -> list[int]:
    """Leads with clocks that it concerns although other hours count for them now."""
    if recompute.calendar_version is None:
        return []
    moves = moved_away_from(recompute.calendar_version)
    return sorted(set(moves.values_list("clock__lead", flat=True)))


def waiting(recompute: Recompute) -> QuerySet[Clock]:
    """Open clocks that it has not taken over; those it could not take over are among them."""
    return concerned(recompute).filter(status__in=OPEN)


def not_gone_over(recompute: Recompute) -> QuerySet[Clock]:
    """What its last look is at: whatever waits, and what was missed by the wrong hours since it was asked for."""
    missed = Q(breach__by_recalculation=False, breach__detected_at__gte=recompute.requested_at)
    return concerned(recompute).filter(Q(status__in=OPEN) | missed)
