"""What one person was sent of late, and what waits: a fixed number of queries for any number of messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from accounts.models import User
from notifications.engine.manners import WINDOW
from notifications.hours import day_of, opens_at
from notifications.models import Delivery

State = Delivery.State
A_DAY = timedelta(days=1)  # no cool-down is longer
UNDER_WAY = Q(state=State.WAITING, attempts__gt=0) | Q(state=State.CARRIED, sent_at=None)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Of one person. What somebody is sending just now counts as sent now; a digest is one mail."""

    opens_at: datetime | None
    newest: Mapping[int, int]  # by clock: the key of the newest message that waits
    last_at: Mapping[int, datetime]  # by clock: when the last one went out
    about_clocks_today: int
    window: Sequence[datetime]
    digest_at: datetime | None


def mailbox_of(person: User, now: datetime) -> Mailbox:
    of_person = Delivery.objects.filter(notice__person=person)
    about_clocks = of_person.filter(notice__clock__isnull=False)
    mails = of_person.filter(carried_by=None)
    recent = _sent(mails, now - WINDOW)
    digests = recent.filter(Exists(Delivery.objects.filter(carried_by=OuterRef("pk"))))
    return Mailbox(
        opens_at=opens_at(person, now),
        newest=_newest(about_clocks.filter(state=State.WAITING, attempts=0)),
        last_at=_last_at(about_clocks, now),
        about_clocks_today=_sent(mails & about_clocks, day_of(person, now)).count(),
        window=_moments(recent, now),
        digest_at=max(_moments(digests, now), default=None),
    )


def _sent(mails: QuerySet[Delivery], since: datetime) -> QuerySet[Delivery]:
    return mails.filter(Q(sent_at__gt=since) | Q(state=State.WAITING, attempts__gt=0))


def _moments(mails: QuerySet[Delivery], now: datetime) -> list[datetime]:
    return sorted(at or now for at in mails.values_list("sent_at", flat=True))


def _newest(mails: QuerySet[Delivery]) -> dict[int, int]:
    return dict(mails.order_by().values_list("notice__clock").annotate(last=Max("pk")))


def _last_at(mails: QuerySet[Delivery], now: datetime) -> dict[int, datetime]:
    under_way = mails.filter(UNDER_WAY).values_list("notice__clock", flat=True)
    sent = mails.filter(sent_at__gt=now - A_DAY).order_by()
    return {
        **dict(sent.values_list("notice__clock").annotate(last=Max("sent_at"))),
        **dict.fromkeys(under_way, now),
    }
