"""Which rungs of a miss are due: read from the commitment, in the clock's own hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.engine.business_time import BusinessCalendar
from calendars.models import CalendarVersion
from sla.engine import ladder
from sla.engine.ladder import MOVES, Step
from sla.models import Breach
from sla.services.hours import ALWAYS, hours_of

LATER = timedelta(hours=1)
# What a row that makes no sense can raise while it is read.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Climb:
    """What is due on one ladder now, and when it goes on; or why it cannot be read."""

    breach: Breach
    steps: tuple[Step, ...] = ()
    next_at: datetime | None = None
    error: str = ""

    @property
    def moves(self) -> bool:
        """It does more than tell."""
        return any(step.rung.do in MOVES and not step.overtaken for step in self.steps)


class Hours:
    """The hours of these clocks, each version read once and only when it is asked for."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        named = {breach.clock.calendar_version_id for breach in breaches} - {None}
        self._versions = CalendarVersion.objects.in_bulk(named) if named else {}
        self._known: dict[int | None, BusinessCalendar] = {None: ALWAYS.calendar}

    def of(self, version: int | None) -> BusinessCalendar:
        if version not in self._known:
            self._known[version] = hours_of(self._versions[version or 0]).calendar
        return self._known[version]


def judge(breach: Breach, hours: Hours, now: datetime) -> Climb:
    """Nothing more is due once it was answered, and never for history or what a correction made (rule 13)."""
    if breach.clock.ended_at is not None or breach.historic or breach.by_recalculation:
        return Climb(breach)
    try:
        rungs = ladder.read(breach.clock.commitment.ladder, kind=breach.clock.kind)
        times = ladder.instants(rungs, hours.of(breach.clock.calendar_version_id), breach.ladder_from)
    except UNREADABLE as error:
        return Climb(breach, next_at=now + LATER, error=f"{type(error).__name__}: {error}"[:200])
    steps = ladder.due(rungs, times, breach.rungs, now)
    return Climb(breach, steps, ladder.next_at(times, breach.rungs + len(steps)))
