"""Leaving facts in the outbox, and claiming them for delivery. Never a network call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Greatest

from common.models import Outbox

CLAIM = """
UPDATE common_outbox SET claimed_until = app_now() + interval '60 seconds', attempts = attempts + 1
WHERE id IN (
    SELECT id FROM common_outbox
    WHERE done_at IS NULL
      AND (claimed_until IS NULL OR claimed_until < app_now())
      AND (not_before IS NULL OR not_before <= app_now())
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many facts a relay could deliver, and since when the oldest waits; None where none does."""

    waiting: int
    oldest: datetime | None


def backlog(at: datetime) -> Backlog:
    """What was put off waits from its next try on."""
    deliverable = Q(not_before=None) | Q(not_before__lte=at)
    waiting = Outbox.objects.filter(deliverable, done_at=None, at__lt=at)
    return Backlog(**waiting.aggregate(waiting=Count("pk"), oldest=Min(Greatest("at", "not_before"))))


def parked(since: datetime) -> int:
    """How many facts could not be told since then, and were put aside."""
    return Outbox.objects.filter(outcome__startswith="parked", done_at__gte=since).count()


def leave(topic: str, subject: int, *, at: datetime, payload: dict[str, Any] | None = None) -> None:
    """Leave one fact, in the caller's transaction."""
    leave_many([Outbox(topic=topic, subject=subject, at=at, payload=payload or {})])


def leave_many(rows: Iterable[Outbox]) -> None:
    """Leave several facts in one statement, in the caller's transaction."""
    Outbox.objects.bulk_create(rows)


@transaction.atomic
def claim(limit: int = 100) -> list[Outbox]:
    """Take up to `limit` waiting facts for a minute; another relay skips them. A dead relay's come back."""
    return sorted(Outbox.objects.raw(CLAIM, [limit]), key=lambda row: row.pk)


def postpone(fact: Outbox, *, until: datetime) -> None:
    """Leave a fact that could not be delivered to another try."""
    Outbox.objects.filter(pk=fact.pk).update(not_before=until, claimed_until=None)


def finish(rows: Iterable[Outbox], outcome: str, *, at: datetime) -> None:
    """Mark facts done, with what became of them."""
    Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(done_at=at, outcome=outcome[:200])
