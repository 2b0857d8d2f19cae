"""The invariant script: what must be true after every fault, whatever was killed, cut, doubled or delayed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from common.database.moments import database_now
from common.models import Outbox
from notifications.models import Delivery
from notifications.services import mail
from notifications.services.relay import relay
from sla.models import Breach, Clock
from sla.services import clocks, invariants
from sla.services.recompute.writers import open_writers

SOON = 20  # seconds


def recover() -> None:
    """What the next tick of each watcher does, once the leases of those that died have run out."""
    Outbox.objects.filter(done_at=None).update(claimed_until=None)
    clocks.sweep()
    relay()
    Delivery.objects.filter(state="waiting").update(next_at=database_now() - timedelta(seconds=1))
    while mail.deliver():
        pass


def assert_sound() -> None:
    """R2, R4, R13, R19: rules, misses, facts and journal agree, and nobody holds a row for good."""
    assert invariants.broken() == {}
    assert set(Breach.objects.values_list("clock", flat=True)) == should_be_missed(Clock.objects.all())
    assert list(Outbox.objects.filter(done_at=None, not_before=None).values_list("topic", "attempts")) == []
    assert clocks.replay().differs == 0
    held, until = set(open_writers()), time.monotonic() + SOON
    while held & set(open_writers()):
        assert time.monotonic() < until, "a transaction that wrote or locked rows does not end"
        time.sleep(0.05)


def should_be_missed(found: Iterable[Clock]) -> set[int]:
    """Judged here from the columns alone, by the definition: not answered by the due moment, which has passed."""
    now = database_now()
    return {
        clock.pk
        for clock in found
        if clock.due_at and clock.parked_until is None and clock.due_at < (_end_of(clock) or now)
    }


def _end_of(clock: Clock) -> datetime | None:
    return clock.satisfied_at or clock.ended_at
