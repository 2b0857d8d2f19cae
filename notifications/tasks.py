"""What beat wakes: the relay and the mail."""

from celery import shared_task

from common.database.retries import retried
from notifications.services import mail
from notifications.services.relay import relay


@shared_task
@retried
def relay_outbox() -> None:
    """Turn waiting facts into notices, then send the mail that is due."""
    relay()
    mail.deliver()
