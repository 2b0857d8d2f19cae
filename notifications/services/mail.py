"""Mail: at least once, with one message id for all attempts (R14), re-checked when it is sent (R7)."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from accounts.services.invitations import Invitation
from common.database.moments import database_now
from common.database.retries import retried
from notifications.message import Dropped
from notifications.models import Delivery, Notice
from notifications.recipients import POISON, message_for
from notifications.services.choosing import claim
from notifications.services.tries import MOST_ATTEMPTS

log = logging.getLogger(__name__)
State = Delivery.State


def deliver() -> int:
    """Send the mail that is due; answers how many mails were handled."""
    due = claim()
    for delivery in due:
        _send(delivery)
    return len(due)


def _send(delivery: Delivery) -> None:
    """One that cannot be sent waits for its next attempt; the others go on (R20)."""
    if not _is_ours(delivery):
        log.warning("mail %s is another sender's by now", delivery.pk)
        return
    carried = list(delivery.carries.select_related("notice__person", "notice__outbox").order_by("pk"))
    try:
        gone = {row.pk: why for row in (delivery, *carried) if (why := _why_not(row.notice))}
        told = [row.notice for row in (delivery, *carried) if row.pk not in gone]
        if told:
            _mail(delivery, told).send()
    except (*POISON, OSError) as error:
        log.warning("mail %s failed: %s", delivery.pk, type(error).__name__)
        if delivery.attempts >= MOST_ATTEMPTS:
            _finish([delivery, *carried], State.FAILED, why=type(error).__name__)
        return
    _note(delivery, carried, gone)


def _is_ours(delivery: Delivery) -> bool:
    """Who stood still until its lease was over (F3), or waited for a slow server, may find that another tried."""
    return Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts).exists()


@retried
@transaction.atomic
def _note(delivery: Delivery, carried: Sequence[Delivery], gone: dict[int, str]) -> None:
    """What went out, and what was true no more. A digest is sent as long as it said anything.

    Tried again where the database ended it for another's sake: what is not noted goes out twice.
    """
    if len(gone) <= len(carried):
        _finish([delivery], State.SENT)
    else:
        _finish([delivery], State.CANCELLED, why=gone[delivery.pk])
    _finish([row for row in carried if row.pk not in gone], State.CARRIED)
    for row in carried:
        if row.pk in gone:
            _finish([row], State.CANCELLED, why=gone[row.pk])


def _why_not(notice: Notice) -> str:
    """Why it is not told any more; empty while it holds and is for this person."""
    if not notice.person.is_active:
        return "left"
    message = message_for(notice.outbox) if notice.outbox else None
    if isinstance(message, Dropped):
        return message.why
    return "" if message is None or notice.person in message.people else "somebody else's now"


def _finish(rows: Sequence[Delivery], state: str, *, why: str = "") -> None:
    sent_at = database_now() if state in (State.SENT, State.CARRIED) else None
    found = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    found.update(state=state, why=why[:200], sent_at=sent_at)


def _mail(delivery: Delivery, notices: Sequence[Notice]) -> EmailMessage:
    first, site = notices[0], settings.SITE_URL
    if len(notices) == 1:
        subject, context = first.text, {"notice": first, "url": f"{site}{first.url}"}
        body = render_to_string("email/notice.txt", context)
    else:
        subject = f"{len(notices)} messages, the first: {first.text}"
        body = render_to_string("email/digest.txt", {"notices": notices, "site": site})
    subject = " ".join(subject.split())[:150]  # a line break would end the header (S24)
    return EmailMessage(subject, body, to=[first.person.email], headers={"Message-ID": delivery.message_id})


def send_invitation(invitation: Invitation) -> None:
    """Raises OSError; the fact then waits for another try."""
    EmailMessage(invitation.subject, invitation.text, to=[invitation.to]).send()
