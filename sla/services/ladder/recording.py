"""Writing down what was climbed: a row a rung, a line in the clock's log, and what the outbox shall tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from common.models import Outbox
from common.outbox import leave_many
from sla.engine.ladder import Step
from sla.models import Breach, ClockEvent, Escalation
from sla.services.ladder.judging import Climb

ESCALATED, PARKED = "clock.escalated", "ladder.parked"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step: done, or why not; and who got the lead."""

    done: bool = True
    why: str = ""
    person: User | None = None


MOVE_ON = """
UPDATE sla_breach b SET rungs = x.rungs, rung_at = x.rung_at, ladder_error = x.error
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[], %s::text[]) AS x(id, rungs, rung_at, error)
WHERE b.id = x.id
"""
TOLD = Outcome()
OVERTAKEN = Outcome(done=False, why="A later step overtook it.")
Outcomes = Mapping[int, Outcome]


def keep(climbs: Sequence[Climb], now: datetime, outcomes: Outcomes | None = None) -> None:
    """All of them in five statements. `outcomes`: of the moves, by number of the rung, where there are any."""
    made = [
        (climb, step, _row(climb.breach, step, _outcome(step, outcomes or {}), now))
        for climb in climbs
        for step in climb.steps
    ]
    if made:
        Escalation.objects.bulk_create(row for _, _, row in made)
        ClockEvent.objects.bulk_create(_line(climb.breach, row) for climb, _, row in made)
    facts = [_fact(climb.breach, row) for climb, step, row in made if _is_told(step, row)]
    facts += [_parked(climb, now) for climb in climbs if climb.error and not climb.breach.ladder_error]
    if facts:
        leave_many(facts)
    _move_on(climbs)


def _outcome(step: Step, outcomes: Outcomes) -> Outcome:
    return OVERTAKEN if step.overtaken else outcomes.get(step.rung.number, TOLD)


def _row(breach: Breach, step: Step, outcome: Outcome, now: datetime) -> Escalation:
    return Escalation(
        breach=breach, rung=step.rung.number, do=step.rung.do.value, to=step.rung.to, at=step.at,
        detected_at=max(now, step.at), silent=step.silent, done=outcome.done, why=outcome.why[:200],
        person=outcome.person,
    )  # fmt: skip


def _line(breach: Breach, row: Escalation) -> ClockEvent:
    data = {"rung": row.rung, "do": row.do, "to": row.to, "person": row.person_id}
    data |= ({"silent": True} if row.silent else {}) | ({} if row.done else {"done": False})
    return ClockEvent(
        clock_id=breach.clock_id, kind=ClockEvent.Kind.ESCALATED, at=row.at, recorded_at=row.detected_at,
        data={name: value for name, value in data.items() if value not in (None, "")},
    )  # fmt: skip


def _is_told(step: Step, row: Escalation) -> bool:
    """The highest, and what could not be done."""
    return not step.silent or not (row.done or step.overtaken)


def _fact(breach: Breach, row: Escalation) -> Outbox:
    clock = breach.clock
    payload = {"lead": clock.lead_id, "handoff": clock.handoff_id, "kind": clock.kind, "rung": row.rung,
               "escalation": row.pk}  # fmt: skip
    return Outbox(topic=ESCALATED, subject=clock.pk, at=row.at, payload=payload)


def _parked(climb: Climb, now: datetime) -> Outbox:
    """Admins hear of it once, not at every try (R20)."""
    return Outbox(topic=PARKED, subject=climb.breach.pk, at=now, payload={"lead": climb.breach.clock.lead_id})


def _move_on(climbs: Sequence[Climb]) -> None:
    """One statement from arrays: what the ORM would write is a case for every row and column."""
    for climb in climbs:
        climb.breach.rungs += len(climb.steps)
        climb.breach.rung_at, climb.breach.ladder_error = climb.next_at, climb.error
    rows = [climb.breach for climb in climbs]
    columns = ([getattr(row, name) for row in rows] for name in ("pk", "rungs", "rung_at", "ladder_error"))
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON, list(columns))
