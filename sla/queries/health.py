"""Whether the sweep keeps up: what fell due and was not published yet, when it last ran, what it had to park."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from redis import RedisError

LAST_RUN = "sla.last_sweep"
WAITING = """
SELECT min(due_at), (SELECT count(*) FROM sla_clock WHERE parked_reason <> '' AND status = 'running')
    + (SELECT count(*) FROM sla_breach WHERE rung_at IS NOT NULL AND ladder_error <> '')
FROM sla_clock WHERE status = 'running' AND due_at < %s AND parked_until IS NULL
"""
LAG = """
SELECT (SELECT app_now()) - min(due_at) FROM sla_clock
WHERE status = 'running' AND due_at < (SELECT app_now()) AND parked_until IS NULL
"""
DUE = "SELECT count(*) FROM sla_clock WHERE status = 'running' AND due_at >= %s AND due_at < %s"


@dataclass(frozen=True, slots=True)
class SweepHealth:
    """`lag`: how long the oldest miss waits to be published; nothing waiting is no lag."""

    lag: timedelta
    last_run: datetime | None
    parked: int


def sweep_health(at: datetime) -> SweepHealth:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [at])
        oldest, parked = cursor.fetchone()
    return SweepHealth(at - oldest if oldest else timedelta(), _last_run(), parked)


def sweep_lag() -> timedelta:
    """The lag alone, by the database's clock: one probe of the index of running clocks."""
    with connection.cursor() as cursor:
        cursor.execute(LAG)
        (lag,) = cursor.fetchone()
    return lag or timedelta()


def due_within(at: datetime, span: timedelta) -> int:
    """How many running clocks fall due in the time that begins at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [at, at + span])
        (count,) = cursor.fetchone()
    return int(count)


def _last_run() -> datetime | None:
    try:
        noted = cache.get(LAST_RUN)
    except RedisError:
        return None
    return datetime.fromisoformat(noted) if noted else None
