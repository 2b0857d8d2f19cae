"""Imported history: the acts that one event of a file stands for, with the steps it implies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leads.engine import journey as j
from leads.engine.journey import Act, Cycle, Journey

# File word -> verb of the lifecycle (surfaces section 4).
VERB = {
    "mql": "mql", "offered": "offer", "accepted": "accept", "rejected": "reject", "redirected": "redirect",
    "returned": "return", "resupplied": "resupply", "withdrawn": "withdraw", "attempted": "attempt",
    "contacted": "attempt", "qualified": "qualify", "passed": "pass", "taken": "take",
    "sent_back": "send_back", "disqualified": "disqualify", "recycled": "recycle", "won": "win",
    "lost": "lose",
}  # fmt: skip

# What must have happened just before, and the states of an open cycle in which it already has.
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
ASLEEP = frozenset({j.RECYCLED, j.DISQUALIFIED})
BY_MARKETING = frozenset({"wake", "mql", "offer", "resupply", "withdraw"})
# An accepted cycle that nobody holds is held by whoever does one of these.
BY_A_HOLDER = frozenset({"qualify", "pass", "disqualify", "recycle", "win", "lose"})


def steps(journey: Journey, act: Act) -> Iterator[tuple[Act, bool]]:
    """The acts that make up `act` in this state, first to last, each with whether it is implied."""
    yield from ((implied, True) for implied in _implied(journey, act))
    yield _as_history(journey, act), False


def taken_up(cycle: Cycle, act: Act) -> Cycle:
    """The cycle with what the event tells of it beside its verb: a team it lacked, a holder it needs."""
    team = cycle.team if cycle.team is not None else act.team
    needed = cycle.holder is None and act.verb in BY_A_HOLDER and cycle.status in ("accepted", "qualified")
    return replace(cycle, team=team, holder=act.by if needed else cycle.holder)


def _implied(journey: Journey, act: Act) -> Iterator[Act]:
    if act.verb == "mql":
        if not journey.open_cycle and journey.stage in ASLEEP:
            yield _plain(act, "wake")
    elif act.verb == "offer":
        if not journey.open_cycle and journey.stage != j.MARKETING_QUALIFIED:
            yield from _step(journey, _plain(act, "mql"))
    elif act.verb in ("take", "send_back"):
        yield from _implied_pass(journey, act)
    elif act.verb in BEFORE:
        verb, done = BEFORE[act.verb]
        cycle = journey.open_cycle
        if cycle is None or (cycle.status not in done and _can_step(cycle.status, verb)):
            yield from _step(journey, _plain(act, verb))


def _step(journey: Journey, act: Act) -> Iterator[Act]:
    yield from _implied(journey, act)
    yield _as_history(journey, act)


def _implied_pass(journey: Journey, act: Act) -> Iterator[Act]:
    cycle = journey.open_cycle
    if cycle is not None and cycle.passed_at is not None:
        return
    yield from _step(journey, replace(_plain(act, "pass"), person=act.by))


def _can_step(status: str, verb: str) -> bool:
    """Whether an open cycle can still take the implied verb; if not, the state refuses the act itself."""
    reachable = {"offer": (), "return": ("offered",), "accept": ("offered", "returned"), "qualify": j.OPEN}
    return status in reachable.get(verb, ())


def _plain(act: Act, verb: str) -> Act:
    """The implied act: same moment and place, without reason, amount or note.

    The actor did it only if it is an act of the same side: a rep who accepts has offered nothing.
    """
    same_side = (verb in BY_MARKETING) == (act.verb in BY_MARKETING)
    return Act(verb=verb, at=act.at, by=act.by if same_side else None, team=act.team)


def _as_history(journey: Journey, act: Act) -> Act:
    """A customer may be offered again, whatever made somebody do so."""
    return replace(act, hand_raise=True) if act.verb == "offer" and journey.stage == j.CUSTOMER else act
