"""The project's own task: proof that beat, broker and worker are alive."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task
from celery.signals import before_task_publish
from django.core.cache import cache
from django.utils import timezone

from alignment import skew

HEARTBEAT = "heartbeat"
BEAT = "last_beat"
SENT_AT = "sent_at"


@shared_task(bind=True)
def heartbeat(self: Task[Any, None]) -> None:
    """Leave the time at which a task last made it through the broker, and when beat had sent it (R26);
    and how far this worker's clock is off (R24)."""
    sent_at = getattr(self.request, SENT_AT, None)
    if sent_at:
        cache.set(BEAT, sent_at, timeout=None)
    cache.set(HEARTBEAT, timezone.now().isoformat(), timeout=None)
    skew.note()


@before_task_publish.connect(sender=heartbeat.name)
def stamp(headers: dict[str, Any], **_: Any) -> None:
    """Whoever sends the heartbeat says when, so that its way through the broker can be measured."""
    headers[SENT_AT] = timezone.now().isoformat()
