"""What all decisions share: the state an act needs, how it is refused, and what is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from common.refusals import Conflict
from leads.engine.journey import Act, Cycle, Decision, Journey, Row, Span

WORDS = {
    "": "not offered yet",
    "offered": "offered and not answered",
    "returned": "returned to marketing",
    "accepted": "accepted",
    "qualified": "qualified",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "disqualified": "disqualified",
    "recycled": "recycled",
    "won": "won",
    "lost": "lost",
}


def refuse(journey: Journey, sentence: str) -> Conflict:
    """A conflict that knows the state of the cycle and since when it is so."""
    cycle = journey.cycle
    status = cycle.status if cycle else ""
    at = (cycle.closed_at or cycle.answered_at or cycle.offered_at) if cycle else None
    return Conflict(sentence, state=status, at=at)


def cycle_in(journey: Journey, allowed: tuple[str, ...], doing: str) -> Cycle:
    """The newest cycle, in one of these states. Raises Conflict."""
    cycle = journey.cycle
    if cycle is None or cycle.status not in allowed:
        words = WORDS[cycle.status if cycle else ""]
        raise refuse(journey, f"This lead is {words}, so it cannot be {doing}.")
    return cycle


def came_from(cycle: Cycle) -> dict[str, Any]:
    """Where a cycle lies before an act moves it. Every row that moves one says so: clocks are read from the rows."""
    return {"from_team": cycle.team, "from_person": cycle.holder}


def decided(
    journey: Journey,
    cycle: Cycle,
    kind: str,
    act: Act,
    stage: str = "",
    span: Span | None = None,
    **data: Any,
) -> Decision:
    after = Journey(stage=stage or journey.stage, cycle=cycle)
    return Decision(after, (Row(kind, {**act.data, **data}),), span)


def closed(journey: Journey, cycle: Cycle, kind: str, act: Act, stage: str, **data: Any) -> Decision:
    closed = replace(cycle, status=kind, closed_at=act.at, until_on=act.until, meeting_at=None)
    span = Span(cycle.team, cycle.holder, "answered" if kind == "rejected" else "closed")
    data |= {"from": cycle.status} | ({"until": act.until.isoformat()} if act.until else {})
    return decided(journey, closed, kind, act, stage, span, **data)
