"""What the night asks of accounts: clearing sessions that are over."""

from celery import shared_task
from django.utils import timezone

from accounts.services import sign_ins


@shared_task
def clear_sessions() -> None:
    """Remove sessions that have run out, and the records of sessions that are gone."""
    sign_ins.clear(at=timezone.now())
