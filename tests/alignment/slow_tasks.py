"""A task for tests alone: one that is still running when its broker or its worker is told to end."""

import time

from celery import shared_task
from django.core.cache import cache


@shared_task(queue="sync")
def nap(seconds: float) -> None:
    """Says in the cache that it began; sending it proves nothing."""
    cache.set("nap-began", True)
    time.sleep(seconds)
