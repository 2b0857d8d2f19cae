"""Which clocks a recompute concerns. Finished ones are no concern of it; missed ones only of a correction."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from calendars.models import CalendarVersion
from sla.models import Clock, ClockEvent, ContractVersion, Recompute

OPEN = (Clock.Status.RUNNING, Clock.Status.PAUSED)
VERSIONED = (ClockEvent.Kind.CHOSEN, ClockEvent.Kind.RECOMPUTED)


def earlier_hours(version: CalendarVersion) -> list[int]:
    """The versions of the same calendar that this one corrects."""
    earlier = CalendarVersion.objects.filter(calendar=version.calendar_id, number__lt=version.number)
    return list(earlier.order_by("pk").values_list("pk", flat=True))


def by_earlier_hours(version: CalendarVersion) -> QuerySet[Clock]:
    """Clocks, whatever their state, that count some of their time by an earlier version.

    Those that other hours took over since are known by their log: an earlier version counted once, and no
    correction to this one reached back to it.
    """
    wrong = earlier_hours(version)
    log = ClockEvent.objects.filter(clock=OuterRef("pk"))
    moved = Exists(log.filter(kind=ClockEvent.Kind.RECOMPUTED))
    once = Exists(log.filter(kind__in=VERSIONED, data__calendar_version__in=wrong))
    corrected = Exists(log.filter(kind=ClockEvent.Kind.RECOMPUTED, data__right=version.pk))
    return Clock.objects.filter(Q(calendar_version__in=wrong) | (moved & once & ~corrected))


def under_earlier_terms(version: ContractVersion) -> QuerySet[Clock]:
    """Open clocks that run by an earlier version of the contract."""
    return Clock.objects.filter(
        status__in=OPEN,
        commitment__version__contract=version.contract_id,
        commitment__version__number__lt=version.number,
    )


def concerned(recompute: Recompute) -> QuerySet[Clock]:
    """Everything it looks at: open clocks, and of a correction what was missed by wrong hours."""
    if recompute.calendar_version:
        statuses = (*OPEN, Clock.Status.BREACHED)
        return by_earlier_hours(recompute.calendar_version).filter(status__in=statuses)
    assert recompute.contract_version is not None  # noqa: S101 - recompute_has_one_subject
    return under_earlier_terms(recompute.contract_version)


def waiting(recompute: Recompute) -> QuerySet[Clock]:
    """Open clocks that it has not taken over; those it could not take over are among them."""
    if recompute.calendar_version:
        wrong = earlier_hours(recompute.calendar_version)
        return Clock.objects.filter(status__in=OPEN, calendar_version__in=wrong)
    return concerned(recompute)
