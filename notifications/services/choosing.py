"""Which mail goes out now: claimed by one sender at a time, by the contract's manners and the limits of a storm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from common.database.moments import database_now
from notifications.engine import manners
from notifications.engine.manners import Hold
from notifications.models import Delivery
from notifications.reminders import PREFIX
from notifications.services.mailbox import Mailbox, mailbox_of
from notifications.services.tries import BACK_OFF, MOST_ATTEMPTS
from sla.engine import alerts
from sla.engine.alerts import Alerts

# What one sender takes is sent before its lease ends: with the last person's it may be twenty more.
ENOUGH = 30
MOST = 500  # of one person at once; a digest reads each of them again
# Senders choose in turn, so that none overlooks what another is about to send. Nobody sends while choosing.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('notifications.choosing'))"
LATER = "a later message says it"
CAPPED = "over the day's cap: told in the app only"
READ = ("notice__person", "notice__outbox", "notice__clock__commitment__version")
State = Delivery.State


@transaction.atomic
def claim() -> list[Delivery]:
    """Take due mail and count the attempt before it is made: a dead sender cannot try for ever (C13).

    What must wait gets its next moment; what a later message says, or the cap keeps back, ends in words.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN)
    now = database_now()
    waiting = Delivery.objects.filter(state=State.WAITING, next_at__lte=now)
    _give_up(waiting.filter(attempts__gte=MOST_ATTEMPTS).values_list("pk", flat=True))
    chosen: list[Delivery] = []
    for person in _people_to_write_to(waiting):
        if len(chosen) >= ENOUGH:
            break
        due = waiting.filter(notice__person=person).select_related(*READ).select_for_update(of=("self",))
        chosen += _choose(list(due.order_by("next_at", "pk")[:MOST]), mailbox_of(person, now), now)
    for row in chosen:
        row.next_at = now + BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
        row.attempts += 1
    Delivery.objects.bulk_update(chosen, ["attempts", "next_at"])
    return chosen


def _people_to_write_to(waiting: QuerySet[Delivery]) -> list[User]:
    """Whose mail waits longest comes first."""
    longest = waiting.order_by("next_at", "pk").values_list("notice__person", flat=True)[: ENOUGH * 10]
    people = User.objects.in_bulk(set(longest))
    return [people[key] for key in dict.fromkeys(longest)]


def _give_up(keys: Iterable[int]) -> None:
    lost = list(keys)
    for found in (Delivery.objects.filter(pk__in=lost), Delivery.objects.filter(carried_by__in=lost)):
        found.update(state=State.FAILED, why="no sender came back")


def _choose(rows: Sequence[Delivery], box: Mailbox, now: datetime) -> list[Delivery]:
    """What was tried before is tried again; the rest is judged first one by one, then together."""
    ready = [row for row in rows if not row.attempts and _is_ready(row, box, now)]
    return [*(row for row in rows if row.attempts), *_together(ready, box, now)]


def _is_ready(row: Delivery, box: Mailbox, now: datetime) -> bool:
    """Mail about clocks keeps the contract's manners, a reminder waits for the day; any other is ready at once."""
    terms, clock = _terms(row), row.notice.clock_id
    if row.notice.topic.startswith(PREFIX):
        judged = manners.that_can_wait(now=now, opens_at=box.opens_at)
        return not isinstance(judged, Hold) or _hold([row], judged)
    if terms is None or clock is None:
        return True
    if box.newest.get(clock, row.pk) > row.pk:
        return _end([row], LATER)
    judged = manners.about_one_clock(terms, now=now, opens_at=box.opens_at, last_at=box.last_at.get(clock))
    return not isinstance(judged, Hold) or _hold([row], judged)


def _together(ready: Sequence[Delivery], box: Mailbox, now: datetime) -> list[Delivery]:
    """More than twenty in five minutes go out as one (R17); of mail about clocks no more than the cap."""
    judged = manners.to_one_person(len(ready), now=now, sent=box.window, digest_at=box.digest_at)
    if isinstance(judged, Hold):
        _hold(ready, judged)
        return []
    kept = _under_the_cap(ready, box, as_one=judged.as_one)
    if not judged.as_one or len(kept) < 2:
        return kept
    first, *others = kept
    Delivery.objects.filter(pk__in=[row.pk for row in others]).update(state=State.CARRIED, carried_by=first)
    return [first]


def _under_the_cap(ready: Sequence[Delivery], box: Mailbox, *, as_one: bool) -> list[Delivery]:
    kept, over, mails = [], [], box.about_clocks_today
    for row in ready:
        terms = _terms(row)
        if terms is not None and mails >= terms.daily_cap:
            over.append(row)
            continue
        kept.append(row)
        mails += terms is not None and not as_one
    if over:
        _end(over, CAPPED)
    return kept


def _terms(row: Delivery) -> Alerts | None:
    clock = row.notice.clock
    return alerts.holds(clock.commitment.version.alerts) if clock else None


def _hold(rows: Sequence[Delivery], judged: Hold) -> bool:
    found = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    found.update(next_at=judged.until, why=f"held: {judged.why}")
    return False


def _end(rows: Sequence[Delivery], why: str) -> bool:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.CANCELLED, why=why)
    return False
