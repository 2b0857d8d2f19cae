"""What the clock on the wall asks of leads: waking them, and judging inquiries by a new definition."""

from celery import shared_task

from leads.services import judging, leads, pauses


@shared_task
def wake_due() -> None:
    """Wake recycled leads whose date has come."""
    leads.wake_due()


@shared_task
def judge_new_versions() -> None:
    """Judge all inquiries by a definition version that came into force and has not judged them yet."""
    judging.judge_by_new_version()


@shared_task(soft_time_limit=60, time_limit=90)
def end_pauses() -> None:
    """End pauses by hand whose time is over."""
    pauses.end_due()
