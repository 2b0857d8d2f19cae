"""Wakes the worker for imports. The rows say what there is to do; a lost message is made up for within a minute."""

from __future__ import annotations

from celery import shared_task

from intake.services import work

# 100,000 rows take minutes; still less than half the time after which the broker brings a message again (E04).
LIMIT = 440


@shared_task(time_limit=LIMIT)
def run_import(run_id: int) -> None:
    work.work_on(run_id)


@shared_task(time_limit=LIMIT)
def resume_imports() -> None:
    """Go on with imports whose worker died or whose message was lost."""
    for run_id in work.waiting():
        work.work_on(run_id)
