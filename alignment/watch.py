"""What the watchers see (R26): one reading for `/health/deadlines` and `/metrics`, and what is wrong about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from alignment import skew
from alignment.tasks import BEAT, HEARTBEAT
from calendars.queries import unreadable
from common.database.moments import database_now
from common.outbox import backlog
from common.outbox import parked as outbox_parked
from sla.queries import due_within, sweep_health

TOO_LATE = 120.0  # seconds
SKEWED = 2.0  # seconds (R24)
SLOW = 5.0  # seconds; after ten a heartbeat is thrown away
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """Seconds, of which None says never or nothing; and counts.

    `overdue` and `outbox`: how long the oldest miss and the oldest fact wait. `sweep`, `beat` and `heartbeat`:
    since the last sweep, the last tick of beat, and the last task that came through. `round_trip`: how long that
    task took from beat through the broker to its end. `skew`: how far the clock of this or a worker's host is from the
    database's, of all the furthest.
    `parked`, `untold`, `calendars`: clocks that cannot be judged, facts of the last day that could not be told,
    calendars whose current version cannot be read.
    """

    overdue: float
    outbox: float | None
    sweep: float | None
    beat: float | None
    heartbeat: float | None
    round_trip: float | None
    skew: float
    due_soon: int
    parked: int
    untold: int
    calendars: int
    waiting: int

    @property
    def red(self) -> list[str]:
        """Deadlines or their notices are not looked after. A sweep that never ran is as late as one can be."""
        late = {"overdue": self.overdue, "outbox": self.outbox or 0.0, "sweep": _or_never(self.sweep)}
        return [name for name, seconds in late.items() if seconds >= TOO_LATE]

    @property
    def yellow(self) -> list[str]:
        """Deadlines are kept all the same; someone should look."""
        worth = {
            "beat": _or_never(self.beat) >= TOO_LATE,
            "heartbeat": _or_never(self.heartbeat) >= TOO_LATE,
            "round_trip": (self.round_trip or 0.0) >= SLOW,
            "skew": abs(self.skew) > SKEWED,
            "parked": self.parked > 0,
            "untold": self.untold > 0,
            "calendars": self.calendars > 0,
        }
        return [name for name, wrong in worth.items() if wrong]


def watch() -> Watch:
    """Seven short statements; raises DatabaseError where the database is gone."""
    at = database_now()
    sweep, relay = sweep_health(at), backlog(at)
    beat, done = _noted(BEAT), _noted(HEARTBEAT)
    return Watch(
        overdue=round(sweep.lag.total_seconds(), 1),
        outbox=_since(at, relay.oldest),
        sweep=_since(at, sweep.last_run),
        beat=_since(at, beat),
        heartbeat=_since(at, done),
        round_trip=_since(done, beat) if done else None,
        skew=skew.largest(),
        due_soon=due_within(at, HOUR),
        parked=sweep.parked,
        untold=outbox_parked(at - DAY),
        calendars=unreadable(),
        waiting=relay.waiting,
    )


def _noted(key: str) -> datetime | None:
    noted = cache.get(key)
    return datetime.fromisoformat(noted) if noted else None


def _since(at: datetime, moment: datetime | None) -> float | None:
    return round(max((at - moment).total_seconds(), 0), 1) if moment else None


def _or_never(seconds: float | None) -> float:
    return float("inf") if seconds is None else seconds
