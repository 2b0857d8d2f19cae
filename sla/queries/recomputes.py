"""Recomputes as pages show them: how far one is, and what it did."""

from __future__ import annotations

from django.db.models import QuerySet

from calendars.models import CalendarVersion
from sla.models import ContractVersion, Recompute


def recomputes() -> QuerySet[Recompute]:
    rows = Recompute.objects.select_related("calendar_version__calendar", "contract_version", "requested_by")
    return rows.order_by("-pk")


def newest_to(version: CalendarVersion | ContractVersion) -> Recompute | None:
    """The newest that takes clocks over to this version."""
    if isinstance(version, CalendarVersion):
        return recomputes().filter(calendar_version=version).first()
    return recomputes().filter(contract_version=version).first()
