"""What a recompute would do if it were asked for now. Nothing is written; of many clocks a part is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Manager, QuerySet

from calendars.models import CalendarVersion
from sla.engine.entry import Entry
from sla.models import Clock, ContractVersion
from sla.services.recompute.changes import Batch, Found, judge
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
class Few:
    """The first of many; its length is how many there are."""

    count: int
    first: tuple[Shift, ...]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Shift]:
        return iter(self.first)


@dataclass(frozen=True, slots=True)
class Preview:
    """`concerned` open clocks and missed ones go over or are looked at; the figures are of the `looked_at` of them.

    `later`, `earlier`, `same`: where the due moments go of clocks that are not missed by it. `most_moved`: those
    that move the most first.
    """

    concerned: int
    looked_at: int
    keep: int
    later: int
    earlier: int
    same: int
    furthest: timedelta
    missed: Few
    excused: Few
    most_moved: tuple[Shift, ...]

    @property
    def is_whole(self) -> bool:
        return self.looked_at >= self.concerned

    @property
    def going(self) -> int:
        """Open clocks that go over, as far as they were looked at."""
        return self.concerned - self.keep


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
    clocks, late = _some(running.order_by("due_at", "pk"), limit), _some(missed, limit)
    found, forgiven = (judge(batch, rule(batch.entries), at) for batch in (Batch(clocks), Batch(late)))
    rows = {clock.pk: clock for clock in [*clocks, *late]}
    shifts, overdue = _moves(found, rows)
    return Preview(
        concerned=running.count(),
        looked_at=len(clocks),
        keep=found.skipped,
        later=sum(shift.by > ZERO for shift in shifts),
        earlier=sum(shift.by < ZERO for shift in shifts),
        same=sum(shift.by == ZERO for shift in shifts),
        furthest=max((abs(shift.by) for shift in shifts), default=ZERO),
        missed=_few_of(overdue),
        excused=_few_of(
            [
                Shift(rows[one.entry.key], rows[one.entry.key].due_at, one.due_at)
                for one in [*found.excused, *forgiven.excused]
            ]
        ),
        most_moved=_most_moved(shifts),
    )


def _moves(found: Found, rows: Mapping[int, Clock]) -> tuple[list[Shift], list[Shift]]:
    """Clocks that go on, and those that are missed by it."""
    on: list[Shift] = []
    missed: list[Shift] = []
    for one in found.moved:
        shift = Shift(rows[one.entry.key], one.was_due, one.entry.state.due_at)
        (missed if one.is_missed else on).append(shift)
    return on, missed


def _few_of(shifts: Sequence[Shift]) -> Few:
    return Few(len(shifts), tuple(shifts[:SHOWN]))


def _most_moved(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    moving = [shift for shift in shifts if shift.by]
    return tuple(sorted(moving, key=lambda shift: abs(shift.by), reverse=True)[:SHOWN])


def _some(clocks: QuerySet[Clock], limit: int) -> list[Clock]:
    return list(with_leads(clocks)[:limit])


def with_leads(clocks: QuerySet[Clock] | Manager[Clock]) -> QuerySet[Clock]:
    """With what a list of them says."""
    return clocks.select_related("lead__company")
