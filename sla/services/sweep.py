"""The sweep publishes what time alone does to clocks. Its cost grows with what is due, not with what is open."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import DataError, IntegrityError, InternalError, connection, transaction
from django.db.models import QuerySet
from redis import RedisError

from common.database.moments import database_now
from sla.models import Breach
from sla.queries.health import LAST_RUN
from sla.services.blame import spare_late_holders
from sla.services.causes import propose_late_offers
from sla.services.ladder import climb
from sla.services.sweep_sql import (
    ANY_OVERDUE,
    ANY_TO_LAPSE,
    ANY_TO_WARN,
    BREACH,
    CLAIM_BREACH,
    CLAIM_LAPSE,
    CLAIM_WARN,
    LAPSE,
    PARK,
    WARN,
)

log = logging.getLogger(__name__)

BATCH = 10_000
BUDGET = timedelta(seconds=20)
FOR_STEPS = 0.05  # of the time
# What one row can do to the statement for all. Whatever a connection or another session does is no row's fault.
POISON = (DataError, IntegrityError, InternalError)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep published."""

    breached: int
    warned: int
    climbed: int = 0


@dataclass(frozen=True, slots=True)
class _Work:
    any: str
    claim: str
    statement: str


_BREACHES = _Work(ANY_OVERDUE, CLAIM_BREACH, BREACH)
_WARNINGS = _Work(ANY_TO_WARN, CLAIM_WARN, WARN)
_LAPSES = _Work(ANY_TO_LAPSE, CLAIM_LAPSE, LAPSE)


def sweep(budget: timedelta = BUDGET) -> Swept:
    """Breaches, warnings, excuses that lapse, then steps after a miss, until nothing is due or the time is up.

    Safe under any number of sweeps at once. Steps get a part of the time: they must not keep misses waiting.
    """
    ends = time.monotonic() + budget.total_seconds()
    breached, warned = _until_none(breach_overdue, ends), _until_none(warn_due, ends)
    _until_none(lapse_excuses, ends)
    climbed = _until_none(climb, min(ends, time.monotonic() + (budget * FOR_STEPS).total_seconds()))
    return Swept(breached, warned, climbed)


def note_run() -> None:
    """Leave when the sweep last ran, for whoever watches it. A broken cache stops no clock."""
    try:
        cache.set(LAST_RUN, database_now().isoformat(), timeout=None)
    except RedisError:
        log.warning("The cache does not answer; the run of the sweep is not noted.")


def breach_overdue(at: datetime | None = None, limit: int = BATCH) -> int:
    """Publish up to `limit` misses; answers how many. Only tests give `at`, else the database's clock decides."""
    if not _run(_BREACHES.any, at, 1):
        return 0
    with transaction.atomic():  # nobody reads a miss that names somebody it should not
        missed = _work_off(_BREACHES, at, limit)
        if missed:
            _explain(Breach.objects.filter(pk__in=missed))
    return len(missed)


def _explain(misses: QuerySet[Breach]) -> None:
    """What cannot be explained is published all the same."""
    try:
        with transaction.atomic():
            propose_late_offers(misses)
            spare_late_holders(misses)
    except (*POISON, ValueError):
        log.exception("%s misses are published without an explanation.", len(misses))


def warn_due(at: datetime | None = None, limit: int = BATCH) -> int:
    """Record the warnings of up to `limit` clocks at their own instants; answers of how many clocks."""
    return len(_publish(_WARNINGS, at, limit))


def lapse_excuses(at: datetime | None = None, limit: int = BATCH) -> int:
    """End up to `limit` excuses of a corrected calendar that are due by the right hours; answers how many.

    One whose clock was answered or cancelled by then stands for good.
    """
    return len(_publish(_LAPSES, at, limit))


def _publish(work: _Work, at: datetime | None, limit: int) -> list[int]:
    return _work_off(work, at, limit) if _run(work.any, at, 1) else []


def _until_none(publish: Callable[[], int], ends: float) -> int:
    total = 0
    while time.monotonic() < ends:
        done = publish()
        if not done:
            break
        total += done
    return total


def _work_off(work: _Work, at: datetime | None, limit: int) -> list[int]:
    """One statement for all; where a row spoils it, halves, until that row stands alone and is parked (R20)."""
    if limit == 1:
        return _work_off_one(work, at)
    try:
        with _undone_alone():
            return _run(work.statement, at, limit)
    except POISON:
        first = _work_off(work, at, limit // 2)
        return first + _work_off(work, at, limit - limit // 2)


def _undone_alone() -> AbstractContextManager[object]:
    """A statement is a transaction by itself; within the caller's it needs a savepoint."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


@transaction.atomic
def _work_off_one(work: _Work, at: datetime | None) -> list[int]:
    claimed = _run(work.claim, at, 1)
    if not claimed:
        return []
    try:
        with transaction.atomic():
            return _run(work.statement, at, 1, only=claimed[0])
    except POISON as error:
        log.error("Clock %s is parked: %s", claimed[0], str(error).strip().splitlines()[0])
        _park(claimed[0], error)
        return []


def _park(clock: int, error: Exception) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PARK, [str(error).strip()[:200], clock])


def _run(statement: str, at: datetime | None, limit: int, only: int | None = None) -> list[int]:
    values: dict[str, Any] = {"at": at, "limit": limit, "only": only}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [key for (key,) in cursor.fetchall()]
