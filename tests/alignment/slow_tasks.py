"""A task for tests alone: one that is still running when its broker dies."""

import time

from celery import shared_task


@shared_task(queue="sync")
def nap(seconds: float) -> None:
    time.sleep(seconds)
