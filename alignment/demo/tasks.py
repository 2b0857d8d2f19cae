"""The demo lives on: every three minutes a lead comes, and a colleague answers one."""

from celery import shared_task
from django.conf import settings

from alignment.demo import living


@shared_task
def live_on() -> None:
    """Does nothing outside the demo. Twice at once is two leads, which harms nobody."""
    if settings.DEMO:
        living.lead_comes()
        living.colleague_answers()
