"""Pausing by hand: an interval with a reason and an end; whatever answers or moves the lead ends it too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leads.engine import journey as j
from leads.engine.journey import Act, Cycle, Decision, Journey, Row
from leads.engine.verbs.deciding import cycle_in, decided, refuse


def pause(journey: Journey, act: Act) -> Decision:
    """Until `act.ends_at`, the earlier of what was asked for and what the contract allows; empty: no limit."""
    cycle = cycle_in(journey, tuple(j.OPEN), "paused")
    if cycle.paused_at is not None:
        raise refuse(journey, "This lead is already paused.")
    paused = replace(cycle, paused_at=act.at, pause_ends_at=act.ends_at)
    ends: dict[str, Any] = {"ends_at": act.ends_at.isoformat()} if act.ends_at else {}
    return decided(journey, paused, "paused", act, **ends)


def resume(journey: Journey, act: Act) -> Decision:
    cycle = cycle_in(journey, tuple(j.OPEN), "resumed")
    if cycle.paused_at is None:
        raise refuse(journey, "This lead is not paused.")
    return decided(journey, running(cycle), "resumed", act)


def ended(before: Journey, decision: Decision, act: Act) -> Decision:
    """The decision, after a row that lets the clocks run on where the act answers, moves or closes a paused cycle.

    Without it a clock that the act leaves alone would stand for ever, with nobody to resume it.
    """
    was, now = before.open_cycle, decision.journey.cycle
    if was is None or now is None or was.paused_at is None or act.verb in ("pause", "resume"):
        return decision
    if now.status == was.status and decision.rows[-1].kind != "redirected":
        return decision
    after = Journey(decision.journey.stage, running(now))
    return replace(decision, journey=after, rows=(Row("resumed", {"by": act.verb}), *decision.rows))


def running(cycle: Cycle) -> Cycle:
    return replace(cycle, paused_at=None, pause_ends_at=None)
