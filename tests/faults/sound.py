"""The invariant script: what must be true after every fault, whatever was killed, cut, doubled or delayed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from common.database.moments import database_now
from common.models import Outbox
from notifications.models import Delivery
from notifications.services import mail
from notifications.services.relay import relay
from sla.models import Breach, Clock
from sla.services import clocks, invariants

LOCKED = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE d.datname = current_database() AND l.pid <> pg_backend_pid() AND l.locktype IN ('tuple', 'transactionid')
"""


def recover() -> None:
    """What the next tick of each watcher does, once the leases of those that died have run out."""
    Outbox.objects.filter(done_at=None).update(claimed_until=None)
    clocks.sweep()
    relay()
    Delivery.objects.filter(state="waiting").update(next_at=database_now() - timedelta(seconds=1))
    while mail.deliver():
        pass


def assert_sound() -> None:
    """R2, R4, R13, R19: rules, misses, facts and journal agree, and nobody holds a row."""
    assert invariants.broken() == {}
    assert set(Breach.objects.values_list("clock", flat=True)) == should_be_missed(Clock.objects.all())
    assert list(Outbox.objects.filter(done_at=None, not_before=None).values_list("topic", "attempts")) == []
    assert clocks.replay().differs == 0
    with connection.cursor() as cursor:
        cursor.execute(LOCKED)
        assert cursor.fetchone() == (0,)


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
