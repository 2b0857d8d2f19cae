"""What followed the misses of the demo: who was told of them and when, as the sweep would have done it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from alignment.demo.stories import Outage
from sla.engine import ladder
from sla.engine.ladder import MOVES, Rung
from sla.models import Breach, ClockEvent, Escalation
from sla.queries.faces import calendar_of
from sla.services import clocks

SWEPT = timedelta(seconds=1)
Climbed = tuple[Rung, datetime]


def climb(down: Outage, at: datetime) -> None:
    """Those that only tell, each at its own time; then whatever else is due now, by the services themselves."""
    rows = Breach.objects.exclude(clock__commitment__ladder=[]).filter(by_recalculation=False)
    found = list(rows.select_related("clock__commitment", "clock__calendar_version").order_by("at", "pk"))
    steps: list[Escalation] = []
    for breach in found:
        rungs = _rungs(breach)
        told = _only_told(rungs, min(breach.clock.ended_at or at, at))
        steps += _steps(breach, told, down, at)
        breach.rungs = len(told)
        is_over = breach.clock.ended_at is not None or breach.historic
        breach.rung_at = None if is_over or len(told) == len(rungs) else rungs[len(told)][1]
    Escalation.objects.bulk_create(steps)
    ClockEvent.objects.bulk_create(_line(step) for step in steps)
    Breach.objects.bulk_update(found, ["rungs", "rung_at"], batch_size=1_000)
    while clocks.climb(at):
        pass


def _rungs(breach: Breach) -> list[Climbed]:
    clock = breach.clock
    rungs = ladder.read(clock.commitment.ladder, kind=clock.kind)
    times = ladder.instants(rungs, calendar_of(clock.calendar_version), breach.at)
    return list(zip(rungs, times, strict=True))


def _only_told(rungs: list[Climbed], until: datetime) -> list[Climbed]:
    return list(takewhile(lambda step: step[1] < until and step[0].do not in MOVES, rungs))


def _steps(breach: Breach, told: list[Climbed], down: Outage, at: datetime) -> Iterator[Escalation]:
    for rung, due_at in told:
        stood = down.begins_at <= due_at < down.ends_at
        found_at = down.ends_at + 2 * SWEPT if stood else due_at + SWEPT
        yield Escalation(
            breach=breach, rung=rung.number, do=rung.do.value, to=rung.to, at=due_at,
            detected_at=max(due_at, min(found_at, at, breach.clock.ended_at or at)),
        )  # fmt: skip


def _line(step: Escalation) -> ClockEvent:
    return ClockEvent(
        clock_id=step.breach.clock_id, kind=ClockEvent.Kind.ESCALATED, at=step.at, recorded_at=step.detected_at,
        data={"rung": step.rung, "do": step.do, "to": step.to},
    )  # fmt: skip
