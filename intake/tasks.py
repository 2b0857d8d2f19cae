"""Wakes the worker for imports. The rows say what there is to do; a lost message is made up for within a minute."""

from __future__ import annotations

from celery import shared_task

from intake.services import work


@shared_task
def run_import(run_id: int) -> None:
    work.work_on(run_id)


@shared_task
def resume_imports() -> None:
    """Go on with imports whose worker died or whose message was lost."""
    for run_id in work.waiting():
        work.work_on(run_id)
