"""The project's own task: proof that beat, broker and worker are alive."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone


@shared_task
def heartbeat() -> None:
    """Leave the time at which a task last made it through the broker (R26)."""
    cache.set("heartbeat", timezone.now().isoformat(), timeout=None)
