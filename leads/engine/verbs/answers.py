"""How sales answers an offer: claim, accept, reject, redirect, ask for more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from common.refusals import Conflict
from leads.engine import journey as j
from leads.engine import takeover
from leads.engine.journey import Act, Decision, Journey, Span
from leads.engine.verbs.deciding import came_from, closed, cycle_in, decided, refuse

MAX_REDIRECTS = 2
STAGE_AFTER_REJECT = {"fix": j.MARKETING_QUALIFIED, "nurture": j.RECYCLED, "close": j.DISQUALIFIED}


def claim(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("offered", "accepted"), "claimed")
    if not takeover.may_claim(cycle, act.by):
        raise Conflict("Someone already holds this lead.", state=cycle.status)
    claimed, span = replace(cycle, holder=act.by), Span(cycle.team, act.by, "claimed")
    return decided(journey, claimed, "claimed", act, span=span, person=act.by, **takeover.taken_from(cycle))


def open_to_team(journey: Journey, act: Act) -> Decision:
    """From now on anyone of the team may claim it from its holder, until somebody acts on it."""
    cycle = cycle_in(journey, ("offered", "accepted"), "opened to the team")
    if cycle.holder is None:
        raise refuse(journey, "This lead lies in the pool: anyone of the team may claim it already.")
    return decided(journey, replace(cycle, takeover_at=act.at), "takeover", act)


def accept(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("offered", "returned"), "accepted")
    holder = act.person or cycle.holder or act.by  # a person: the buyer booked a meeting with them
    accepted = replace(
        cycle, status="accepted", holder=holder, answered_at=act.at, answered_by=act.by or act.person,
        accepted_at=act.at,
    )  # fmt: skip
    span = Span(cycle.team, holder, "answered") if holder != cycle.holder else None
    by: dict[str, Any] = {"person": holder, "by": act.data.get("by", "act")}
    if holder != cycle.holder:
        by |= came_from(cycle)
    return decided(journey, accepted, "accepted", act, j.SALES_ACCEPTED, span, **by)


def reject(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("offered", "returned"), "rejected")
    if cycle.contact_made:
        raise refuse(
            journey, "Contact was made, so this lead can be accepted and then disqualified, not rejected."
        )
    answered = replace(cycle, answered_at=act.at, answered_by=act.by)
    stage = STAGE_AFTER_REJECT.get(act.next_step, j.RECYCLED)
    return closed(journey, answered, "rejected", act, stage, next_step=act.next_step or "nurture")


def redirect(journey: Journey, act: Act) -> Decision:
    """To another team. The third goes to the holding team's manager instead, and no further."""
    cycle = cycle_in(journey, ("offered",), "redirected")
    if cycle.redirects > MAX_REDIRECTS:
        raise refuse(journey, "This lead was redirected twice and is now the sales manager's to answer.")
    if cycle.redirects == MAX_REDIRECTS:
        kept = replace(cycle, holder=act.manager, redirects=cycle.redirects + 1)
        people = came_from(cycle) | {"team": cycle.team, "person": act.manager}
        span = Span(cycle.team, act.manager, "redirected")
        return decided(journey, kept, "reassigned", act, span=span, **people, escalated=True)
    moved = replace(cycle, team=act.team, holder=act.person, redirects=cycle.redirects + 1)
    span = Span(act.team, act.person, "redirected")
    data = came_from(cycle) | {"team": act.team, "person": act.person}
    return decided(journey, moved, "redirected", act, span=span, **data)


def return_for_info(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("offered",), "returned")
    return decided(journey, replace(cycle, status="returned"), "returned", act)
