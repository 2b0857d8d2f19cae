"""A lead that its holder does not answer may be open to the whole team, until somebody acts on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leads.engine.journey import Cycle, Decision, Journey

# What happens to a cycle without anybody working on it.
LEAVES_OPEN = frozenset({"takeover", "pause", "resume", "raise_again"})


def closed(decision: Decision) -> Decision:
    """Whoever acted on it holds it alone again."""
    cycle = decision.journey.cycle
    if cycle is None or cycle.takeover_at is None:
        return decision
    alone = Journey(decision.journey.stage, replace(cycle, takeover_at=None))
    return replace(decision, journey=alone)


def may_claim(cycle: Cycle, by: int | None) -> bool:
    """Out of the pool, or from a holder who let it lie."""
    return cycle.holder is None or (cycle.takeover_at is not None and cycle.holder != by)


def taken_from(cycle: Cycle) -> dict[str, Any]:
    """What the journal keeps of the one it was taken from."""
    return {} if cycle.holder is None else {"from_team": cycle.team, "from_person": cycle.holder}
