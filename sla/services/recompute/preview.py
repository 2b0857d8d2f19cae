"""What a recompute would do if it were asked for now. Nothing is written; of many clocks a part is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from calendars.models import CalendarVersion
from sla.engine.entry import Entry
from sla.models import Clock, ContractVersion
from sla.services.recompute.changes import Batch, judge
from sla.services.recompute.concerned import OPEN, by_earlier_hours, under_earlier_terms
from sla.services.recompute.rules import Amended, Rule, correction_to

LOOKED_AT = 2_000
SHOWN = 8
ZERO = timedelta()
RuleFor = Callable[[Sequence[Entry]], Rule]


@dataclass(frozen=True, slots=True)
class Shift:
    """One clock, and when it is due before and after; empty while it stands."""

    clock: Clock
    was_due: datetime | None
    due_at: datetime | None

    @property
    def by(self) -> timedelta:
        """How much later; below zero: earlier."""
        return self.due_at - self.was_due if self.due_at and self.was_due else ZERO

    @property
    def is_later(self) -> bool:
        return self.by > ZERO


@dataclass(frozen=True, slots=True)
class Preview:
    """`concerned` open clocks and `missed_before` go over or are looked at; the figures are of those looked at."""

    concerned: int
    looked_at: int
    shifts: tuple[Shift, ...]
    missed: tuple[Shift, ...]
    excused: tuple[Shift, ...]
    keep: int

    @property
    def is_whole(self) -> bool:
        return self.looked_at >= self.concerned

    @property
    def going(self) -> int:
        """Open clocks that go over, as far as they were looked at."""
        return self.concerned - self.keep

    @property
    def later(self) -> int:
        return sum(shift.by > ZERO for shift in self.shifts)

    @property
    def earlier(self) -> int:
        return sum(shift.by < ZERO for shift in self.shifts)

    @property
    def same(self) -> int:
        return len(self.shifts) - self.later - self.earlier

    @property
    def furthest(self) -> timedelta:
        return max((abs(shift.by) for shift in self.shifts), default=ZERO)

    @property
    def most_moved(self) -> Sequence[Shift]:
        """A few, those that move the most first."""
        moving = [shift for shift in self.shifts if shift.by]
        return sorted(moving, key=lambda shift: abs(shift.by), reverse=True)[:SHOWN]


def of_correction(version: CalendarVersion, at: datetime, limit: int = LOOKED_AT) -> Preview:
    """Of all clocks by earlier versions; of those missed the newest are looked at."""
    concerned = by_earlier_hours(version)
    missed = concerned.filter(status=Clock.Status.BREACHED, breach__by_recalculation=False)
    return preview(
        lambda _: correction_to(version),
        concerned.filter(status__in=OPEN),
        missed.exclude(breach__excuses__decision="granted").order_by("-pk"),
        limit,
        at=at,
    )


def of_amendment(version: ContractVersion, at: datetime, limit: int = LOOKED_AT) -> Preview:
    """Of all clocks under earlier versions; finished and missed ones stay as they are."""
    running = under_earlier_terms(version)
    return preview(lambda entries: Amended(version, entries), running, Clock.objects.none(), limit, at=at)


def preview(
    rule: RuleFor, running: QuerySet[Clock], missed: QuerySet[Clock], limit: int, *, at: datetime
) -> Preview:
    """Changes entries in memory alone."""
    clocks, late = _few(running.order_by("due_at", "pk"), limit), _few(missed, limit)
    found, forgiven = (judge(batch, rule(batch.entries), at) for batch in (Batch(clocks), Batch(late)))
    rows = {clock.pk: clock for clock in [*clocks, *late]}
    moved = [
        (one.is_missed, Shift(rows[one.entry.key], one.was_due, one.entry.state.due_at))
        for one in found.moved
    ]
    return Preview(
        concerned=running.count(),
        looked_at=len(clocks),
        shifts=tuple(shift for is_missed, shift in moved if not is_missed),
        missed=tuple(shift for is_missed, shift in moved if is_missed),
        excused=tuple(
            Shift(rows[one.entry.key], rows[one.entry.key].due_at, one.due_at)
            for one in [*found.excused, *forgiven.excused]
        ),
        keep=found.skipped,
    )


def _few(clocks: QuerySet[Clock], limit: int) -> list[Clock]:
    return list(clocks.select_related("lead__company")[:limit])
