"""Work on a cycle, and its end: attempt, qualify, disqualify, recycle, win, lose; who holds it meanwhile."""

from __future__ import annotations

from dataclasses import replace

from leads.engine import journey as j
from leads.engine.journey import Act, Decision, Journey, Row, Span
from leads.engine.verbs.answers import accept
from leads.engine.verbs.deciding import came_from, closed, cycle_in, decided


def attempt(journey: Journey, act: Act) -> Decision:
    """A human attempt. Outbound on an unanswered offer, by one who may accept, it also accepts."""
    cycle = cycle_in(journey, tuple(j.OPEN), "worked on")
    before: tuple[Row, ...] = ()
    span = None
    if act.accepts and act.outbound and cycle.status in ("offered", "returned"):
        accepted = accept(journey, replace(act, data={"by": "attempt"}))
        journey, before, span = accepted.journey, accepted.rows, accepted.span
        cycle = journey.cycle or cycle
    tried = replace(
        cycle,
        attempts_count=cycle.attempts_count + 1,
        contact_made=cycle.contact_made or act.contact,
        first_response_at=cycle.first_response_at or act.at,
    )
    row = Row("contacted" if act.contact else "attempted", act.data)
    return Decision(Journey(journey.stage, tried), (*before, row), span)


def qualify(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("accepted",), "qualified")
    return decided(
        journey, replace(cycle, status="qualified", qualified_at=act.at), "qualified", act, j.SALES_QUALIFIED
    )


def disqualify(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("accepted", "qualified"), "disqualified")
    return closed(journey, cycle, "disqualified", act, j.DISQUALIFIED)


def recycle(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("accepted", "qualified"), "recycled")
    return closed(journey, cycle, "recycled", act, j.RECYCLED)


def win(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN) if act.joined else ("qualified",), "won")
    return closed(journey, cycle, "won", act, j.CUSTOMER)


def lose(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN) if act.joined else ("qualified",), "lost")
    return closed(journey, cycle, "lost", act, j.RECYCLED if act.until else j.DISQUALIFIED)


def reassign(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN), "reassigned")
    data = came_from(cycle) | {"team": act.team, "person": act.person}
    part = "closer" if cycle.passed_at is not None else "setter"
    span = Span(act.team, act.person, "reassigned", part)
    return decided(
        journey, replace(cycle, team=act.team, holder=act.person), "reassigned", act, span=span, **data
    )


def raise_again(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN), "raised again")
    return decided(journey, cycle, "raised_again", act)
