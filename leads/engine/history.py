"""Imported history: which acts one event of a file stands for, with the steps it implies (surfaces section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leads.engine import journey as j
from leads.engine.journey import Act, Journey

# File word -> verb of the lifecycle.
VERB = {
    "mql": "mql", "offered": "offer", "accepted": "accept", "rejected": "reject", "redirected": "redirect",
    "returned": "return", "resupplied": "resupply", "withdrawn": "withdraw", "attempted": "attempt",
    "contacted": "attempt", "qualified": "qualify", "passed": "pass", "taken": "take", "sent_back": "send_back",
    "disqualified": "disqualify", "recycled": "recycle", "won": "win", "lost": "lose",
}  # fmt: skip

# What must have happened just before, and the cycle states in which it already has.
BEFORE = {
    "offer": ("mql", frozenset[str]()),
    "accept": ("offer", j.OPEN),
    "reject": ("offer", j.OPEN),
    "redirect": ("offer", j.OPEN),
    "return": ("offer", j.OPEN),
    "withdraw": ("offer", j.OPEN),
    "attempt": ("offer", j.OPEN),
    "resupply": ("return", frozenset({"returned"})),
    "qualify": ("accept", frozenset({"accepted", "qualified"})),
    "disqualify": ("accept", frozenset({"accepted", "qualified"})),
    "recycle": ("accept", frozenset({"accepted", "qualified"})),
    "pass": ("qualify", frozenset({"qualified"})),
    "win": ("qualify", frozenset({"qualified"})),
    "lose": ("qualify", frozenset({"qualified"})),
}


def steps(journey: Journey, act: Act) -> Iterator[tuple[Act, bool]]:
    """The acts that make up `act` in this state, first to last, each with whether it is implied."""
    yield from ((implied, True) for implied in _implied(journey, act))
    yield act, False


def _implied(journey: Journey, act: Act) -> Iterator[Act]:
    if act.verb == "offer":
        if not journey.open_cycle and journey.stage != j.MARKETING_QUALIFIED:
            yield _plain(act, "mql")
        return
    if act.verb in ("take", "send_back"):
        yield from _implied_pass(journey, act)
        return
    if act.verb not in BEFORE:
        return
    verb, done = BEFORE[act.verb]
    cycle = journey.open_cycle
    if cycle is not None and (cycle.status in done or not _can_step(cycle.status, verb)):
        return
    step = _plain(act, verb)
    yield from _implied(journey, step)
    yield step


def _implied_pass(journey: Journey, act: Act) -> Iterator[Act]:
    cycle = journey.open_cycle
    if cycle is not None and cycle.passed_at is not None:
        return
    step = replace(_plain(act, "pass"), team=act.team, person=act.by)
    yield from _implied(journey, step)
    yield step


def _can_step(status: str, verb: str) -> bool:
    """Whether an open cycle in this status can still take the implied verb; else the state refuses the act itself."""
    reachable = {"offer": (), "return": ("offered",), "accept": ("offered", "returned"), "qualify": j.OPEN}
    return status in reachable.get(verb, ())


def _plain(act: Act, verb: str) -> Act:
    """The implied act: same moment, actor and place, none of the reason, amount or note."""
    place = {"team": act.team, "person": act.person} if verb in ("offer", "pass") else {}
    return Act(verb=verb, at=act.at, by=act.by, **place)
