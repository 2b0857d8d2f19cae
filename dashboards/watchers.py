"""The foot of the dashboard: whether the deadlines behind its figures are looked after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.outbox import Backlog, backlog
from sla.queries import SweepHealth, due_within, sweep_health

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """How late the sweep is and when it last ran, what falls due within the hour, what the relay has to tell."""

    sweep: SweepHealth
    due_soon: int
    relay: Backlog


def watched(at: datetime) -> Watched:
    """Three statements, each by an index of what is open."""
    return Watched(sweep_health(at), due_within(at, HOUR), backlog(at))
