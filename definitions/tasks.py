"""What the clock on the wall asks of definitions."""

from celery import shared_task

from common.database.retries import retried
from definitions.services import versions


@shared_task
@retried
def activate_due() -> None:
    """Bring signed versions into force whose start has come."""
    versions.activate_due()
