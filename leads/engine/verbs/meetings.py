"""Meetings in the lifecycle: booked, moved, held, missed, called off. None of them changes the state of the cycle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leads.engine import journey as j
from leads.engine.journey import Act, Decision, Journey
from leads.engine.verbs.deciding import cycle_in, decided, refuse


def book(journey: Journey, act: Act) -> Decision:
    """For `act.meets_at`. One that is planned already is moved there."""
    cycle = cycle_in(journey, tuple(j.OPEN), "met")
    kind = "booked" if cycle.meeting_at is None else "moved"
    return decided(journey, replace(cycle, meeting_at=act.meets_at), kind, act, **_starts(act))


def move(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN), "met")
    if cycle.meeting_at is None:
        raise refuse(journey, "No meeting is planned.")
    return decided(journey, replace(cycle, meeting_at=act.meets_at), "moved", act, **_starts(act))


def hold(journey: Journey, act: Act) -> Decision:
    return _over(journey, act, "held")


def miss(journey: Journey, act: Act) -> Decision:
    """The buyer did not come."""
    return _over(journey, act, "no_show")


def call_off(journey: Journey, act: Act) -> Decision:
    return _over(journey, act, "called_off")


def _over(journey: Journey, act: Act, kind: str) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN), "met")
    if cycle.meeting_at is None:
        raise refuse(journey, "No meeting is planned.")
    return decided(journey, replace(cycle, meeting_at=None), kind, act)


def _starts(act: Act) -> dict[str, Any]:
    return {"starts_at": act.meets_at.isoformat()} if act.meets_at else {}
