"""Recomputes as pages show them: how far one is, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from calendars.models import CalendarVersion
from sla.models import Clock, ContractVersion, Recompute


@dataclass(frozen=True, slots=True)
class Behind:
    """How many running clocks still count by earlier hours of a calendar, and the newest correction to its own."""

    clocks: int
    recompute: Recompute | None


def recomputes() -> QuerySet[Recompute]:
    rows = Recompute.objects.select_related("calendar_version__calendar", "contract_version", "requested_by")
    return rows.order_by("-pk")


def newest_to(version: CalendarVersion | ContractVersion) -> Recompute | None:
    """The newest that takes clocks over to this version."""
    if isinstance(version, CalendarVersion):
        return recomputes().filter(calendar_version=version).first()
    return recomputes().filter(contract_version=version).first()


def behind(version: CalendarVersion) -> Behind:
    earlier = CalendarVersion.objects.filter(calendar=version.calendar_id, number__lt=version.number)
    open_ones = Clock.objects.filter(status__in=(Clock.Status.RUNNING, Clock.Status.PAUSED))
    return Behind(open_ones.filter(calendar_version__in=earlier).count(), newest_to(version))
