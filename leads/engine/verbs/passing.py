"""From setter to closer and back."""

from __future__ import annotations

from dataclasses import replace

from leads.engine import journey as j
from leads.engine.journey import Act, Decision, Journey, Span
from leads.engine.verbs.deciding import came_from, cycle_in, decided, refuse


def pass_on(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("qualified",), "passed to a closer")
    if cycle.awaits_taking:
        raise refuse(journey, "This lead is already passed and waits to be taken.")
    passed = replace(
        cycle, setter=cycle.holder, setter_team=cycle.team, team=act.team, holder=act.person, passed_at=act.at,
        taken_at=None,
    )  # fmt: skip
    span = Span(act.team, act.person, "passed", part="closer")
    return decided(journey, passed, "passed", act, span=span, team=act.team, person=act.person)


def take(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, ("qualified",), "taken")
    if not cycle.awaits_taking:
        raise refuse(journey, "This lead does not wait to be taken.")
    holder = cycle.holder if cycle.holder is not None else act.by
    span = Span(cycle.team, holder, "claimed", part="closer") if holder != cycle.holder else None
    return decided(journey, replace(cycle, taken_at=act.at, holder=holder), "taken", act, span=span)


def send_back(journey: Journey, act: Act) -> Decision:
    """Back to the setter who passed it, as an accepted lead."""
    cycle = cycle_in(journey, ("qualified",), "sent back")
    if cycle.passed_at is None:
        raise refuse(journey, "This lead was not passed, so it cannot be sent back.")
    back = replace(
        cycle, status="accepted", team=cycle.setter_team, holder=cycle.setter, passed_at=None, taken_at=None,
        qualified_at=None,
    )  # fmt: skip
    span = Span(cycle.setter_team, cycle.setter, "sent_back")
    return decided(journey, back, "sent_back", act, j.SALES_ACCEPTED, span, **came_from(cycle))
