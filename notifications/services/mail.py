"""Mail: at least once, with one message id for all attempts (R14), re-checked when it is sent (R7)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from accounts.services.invitations import Invitation
from common.moments import database_now
from notifications.models import Delivery, Notice
from notifications.recipients import POISON, message_for

log = logging.getLogger(__name__)

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
MOST_ATTEMPTS = len(BACK_OFF) + 1
BATCH = 50


def deliver() -> int:
    """Send the mail that is due; answers how many were handled."""
    due = _claim()
    for delivery in due:
        _send(delivery)
    return len(due)


@transaction.atomic
def _claim() -> list[Delivery]:
    """Take due deliveries and count the attempt before it is made: a dead sender cannot try for ever (C13)."""
    now = database_now()
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now)
    waiting.filter(attempts__gte=MOST_ATTEMPTS).update(state=Delivery.State.FAILED, why="no sender came back")
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("notice__person", "notice__outbox")
        .order_by("next_at")[:BATCH]
    )
    for row in rows:
        row.next_at = now + BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
        row.attempts += 1
        row.save(update_fields=["attempts", "next_at"])
    return rows


def _send(delivery: Delivery) -> None:
    """One that cannot be sent waits for its next attempt; the others go on (R20)."""
    try:
        if not _still_holds(delivery.notice):
            _finish(delivery, Delivery.State.CANCELLED, why="no longer so")
            return
        _mail(delivery).send()
    except (*POISON, OSError) as error:
        log.warning("mail %s failed: %s", delivery.pk, type(error).__name__)
        if delivery.attempts >= MOST_ATTEMPTS:
            _finish(delivery, Delivery.State.FAILED, why=type(error).__name__)
        return
    _finish(delivery, Delivery.State.SENT, sent_at=database_now())


def _still_holds(notice: Notice) -> bool:
    fact = notice.outbox
    return notice.person.is_active and (fact is None or message_for(fact) is not None)


def _finish(delivery: Delivery, state: str, *, why: str = "", sent_at: datetime | None = None) -> None:
    delivery.state, delivery.why, delivery.sent_at = state, why[:200], sent_at
    delivery.save(update_fields=["state", "why", "sent_at"])


def _mail(delivery: Delivery) -> EmailMessage:
    notice = delivery.notice
    body = render_to_string("email/notice.txt", {"notice": notice, "url": f"{settings.SITE_URL}{notice.url}"})
    subject = " ".join(notice.text.split())[:150]  # a line break would end the header (S24)
    return EmailMessage(subject, body, to=[notice.person.email], headers={"Message-ID": delivery.message_id})


def send_invitation(invitation: Invitation) -> None:
    """Raises OSError; the fact then waits for another try."""
    EmailMessage(invitation.subject, invitation.text, to=[invitation.to]).send()
