"""What the last quarter would have looked like under another version of the contract."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.engine import clock as clocks
from sla.engine.clock import Status
from sla.engine.entry import Entry
from sla.engine.table import Kind
from sla.models import Clock, Commitment, ContractVersion
from sla.services.recompute.changes import Batch
from sla.services.recompute.rules import Amended

QUARTER = timedelta(days=91)
MOST = 2_000
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """The clocks of one kind that were met or missed: how many, how many in time, and how many would have been.

    `unpromised`: the other version promises nothing about them, or another effort, which cannot be judged now.
    """

    label: str
    clocks: int
    met: int
    would_be: int
    unpromised: int

    @property
    def change(self) -> int:
        return self.would_be - self.met

    @property
    def share(self) -> float | None:
        """In time; of few clocks only counts are said."""
        return self.met / self.clocks if self.clocks >= ENOUGH else None

    @property
    def new_share(self) -> float | None:
        return self.would_be / self.clocks if self.clocks >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Hindsight:
    """`looked_at` of the `clocks` that were due in the quarter, the newest first."""

    clocks: int
    looked_at: int
    kinds: tuple[Judged, ...]


def last_quarter(version: ContractVersion, at: datetime, limit: int = MOST) -> Hindsight:
    """By what each clock really used: the time its answer took in its own hours, against the other target.

    A miss that nobody has answered yet used what passed until now. Cancelled clocks are in no rate.
    """
    due = Clock.objects.filter(counted=True, due_at__gte=at - QUARTER, due_at__lt=at)
    judged = due.filter(status__in=(Clock.Status.MET, Clock.Status.BREACHED))
    batch = Batch(list(judged.order_by("-due_at", "-pk")[:limit]))
    return Hindsight(judged.count(), len(batch.entries), _by_kind(batch.entries, version, at))


def _by_kind(entries: list[Entry], version: ContractVersion, at: datetime) -> tuple[Judged, ...]:
    rule, counts = Amended(version, entries), defaultdict[Kind, Counter[str]](Counter)
    for entry in entries:
        counts[entry.kind].update(_verdict(entry, rule, at))
    return tuple(
        Judged(
            str(Commitment.Kind(kind).label),
            found["clocks"],
            found["met"],
            found["would be"],
            found["unpromised"],
        )
        for kind in Kind
        if (found := counts.get(kind))
    )


def _verdict(entry: Entry, rule: Amended, at: datetime) -> dict[str, int]:
    change = rule.change(entry, at)
    if change is None:
        return {"unpromised": 1}
    kept = clocks.used(entry.state, at) <= change.choice.target
    return {"clocks": 1, "met": int(entry.state.status is Status.MET), "would be": int(kept)}
