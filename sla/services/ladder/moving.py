"""Rungs that move a lead. They go through the verbs of leads, which judge its state again under the lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from common.refusals import DomainError
from leads.models import Handoff
from leads.services import escalating
from sla.engine.ladder import MOVES, Do, Rung
from sla.models import Breach
from sla.services.ladder.judging import Climb
from sla.services.ladder.recording import Outcome, Outcomes

VERBS: dict[Do, Callable[..., Handoff]] = {
    Do.TAKEOVER: escalating.open_to_team,
    Do.REASSIGN: escalating.give_to_next,
    Do.POOL: escalating.return_to_pool,
}


def move(climb: Climb, now: datetime) -> Outcomes:
    """Make the moves that are due; what is refused is said, not raised."""
    due = [step.rung for step in climb.steps if step.rung.do in MOVES and not step.overtaken]
    return {rung.number: _move(climb.breach, rung, now) for rung in due}


def _move(breach: Breach, rung: Rung, now: datetime) -> Outcome:
    handoff = breach.clock.handoff
    if handoff is None:
        return Outcome(done=False, why="Nobody in sales holds it.")
    why = {"reason": f"late_{breach.clock.kind}", "rung": rung.number}
    try:
        with transaction.atomic():
            moved = VERBS[rung.do](handoff, why=why, at=now)
    except DomainError as refusal:
        return Outcome(done=False, why=refusal.message)
    return Outcome(person=moved.holder if rung.do is Do.REASSIGN else None)
