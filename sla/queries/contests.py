"""Contests of rejections: those that wait, and that of one handoff."""

from __future__ import annotations

from django.db.models import QuerySet

from leads.models import Handoff
from sla.models import Contest


def waiting_contests() -> QuerySet[Contest]:
    """The one that waits longest first."""
    rows = Contest.objects.filter(decision=Contest.Decision.WAITING).order_by("asked_at", "pk")
    return rows.select_related("handoff__lead__company", "handoff__reason", "asked_by")


def contest_of(handoff: Handoff) -> Contest | None:
    rows = Contest.objects.select_related("asked_by", "decided_by", "handoff__reason")
    return rows.filter(handoff=handoff).first()
