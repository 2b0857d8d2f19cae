"""Wakes the worker for acts on long lists. The rows say what there is to do; a lost message is made up for (R9)."""

from __future__ import annotations

from celery import shared_task

from desk.forms.bulk import doing
from desk.services import bulk_runs

LIMIT = 440  # seconds, less than half the time after which the broker brings a message again (E04)


@shared_task(time_limit=LIMIT)
def run_bulk(run_id: int) -> None:
    bulk_runs.go_on([run_id], doing)


@shared_task(time_limit=LIMIT)
def resume_bulk() -> None:
    """Go on with runs whose worker died or whose message was lost."""
    bulk_runs.go_on(bulk_runs.waiting(), doing)
