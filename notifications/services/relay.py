"""The relay: claims facts from the outbox and turns them into notices, at most one a fact and person (R14)."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.services.invitations import invitation_of
from common import outbox
from common.database.moments import database_now
from common.database.retries import is_lost
from common.models import Outbox
from notifications.message import Dropped
from notifications.models import Delivery, Notice
from notifications.recipients import POISON, message_for
from notifications.services.mail import send_invitation
from notifications.services.tries import BACK_OFF

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
BATCH = 200
AFTER_LOSS = timedelta(seconds=30)
INVITED = "person.invited"


def relay() -> int:
    """Deliver what waits, a batch at a time, until nothing does; answers how many facts were handled.

    Any number of relays may run; one that dies leaves its facts to the next after a minute.
    """
    handled = 0
    while facts := outbox.claim(BATCH):
        for fact in facts:
            if fact.topic == INVITED:
                _invite(fact)
            else:
                _handle(fact)
        handled += len(facts)
    return handled


def _handle(fact: Outbox) -> None:
    """One poisoned fact is parked after three tries, in words; the others go on (R20).

    One whose transaction the database ended for another's sake is none, and comes again soon (R23).
    """
    try:
        with transaction.atomic():
            outcome = _tell(fact)
            outbox.finish([fact], outcome, at=database_now())
    except POISON as error:
        if is_lost(error):
            log.warning("outbox %s (%s) lost to another transaction", fact.pk, fact.topic)
            outbox.postpone(fact, until=database_now() + AFTER_LOSS)
            return
        log.exception("outbox %s (%s) failed", fact.pk, fact.topic)
        if fact.attempts >= MOST_ATTEMPTS:
            _park(fact, error)


def _park(fact: Outbox, error: Exception) -> None:
    outbox.finish([fact], f"parked: {type(error).__name__}", at=database_now())


def _tell(fact: Outbox) -> str:
    message = message_for(fact)
    if isinstance(message, Dropped):
        return f"cancelled: {message.why}"
    if not message.people:
        return "nobody to tell"
    now = database_now()
    notices = Notice.objects.bulk_create(
        [
            Notice(
                person=person, topic=fact.topic, outbox=fact, lead=message.lead, clock=message.clock,
                text=message.text[:300], url=message.url, at=fact.at,
            )
            for person in message.people
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    fresh = Notice.objects.filter(outbox=fact, deliveries=None)
    Delivery.objects.bulk_create(
        Delivery(notice=notice, message_id=f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>", next_at=now)
        for notice in fresh
    )
    return f"told {len(notices)}"


def _invite(fact: Outbox) -> None:
    """Mail without a notice, sent with no transaction open; tried as often and as long as other mail (F28)."""
    person = User.objects.filter(pk=fact.subject).first()
    invitation = invitation_of(person, site=settings.SITE_URL) if person else None
    if invitation is None:
        outbox.finish([fact], "cancelled: no longer so", at=database_now())
        return
    try:
        send_invitation(invitation)
    except (OSError, ValueError) as error:
        log.warning("invitation %s failed: %s", fact.pk, type(error).__name__)
        if fact.attempts > len(BACK_OFF):
            _park(fact, error)
        else:
            outbox.postpone(fact, until=database_now() + BACK_OFF[fact.attempts - 1])
        return
    outbox.finish([fact], "sent", at=database_now())
