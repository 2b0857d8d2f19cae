"""Whether a promise is kept, slipping or missed, from its counts and how far the period has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dashboards.engine.figures import COUNT_ONLY_BELOW, INTERVAL_BELOW, Rate

KEPT, SLIPPING, MISSED, OPEN, FEW, NONE = "kept", "slipping", "missed", "open", "few", "none"


def of_rate(rate: Rate, goal: float, gone: float) -> str:
    """`gone` is the share of the period's working days that have passed; 1 when it is over.

    Missed: even if everything that the rest of the period brings, at the pace so far, is kept, the goal is
    out of reach. Below the goal and still within reach is slipping.
    """
    if rate.value is None:
        return NONE
    if rate.n < COUNT_ONLY_BELOW:
        return FEW
    if rate.n < INTERVAL_BELOW:
        return OPEN
    if rate.value >= goal:
        return KEPT
    if gone <= 0:
        return SLIPPING
    rest = rate.n * (1 - gone) / gone
    return SLIPPING if (rate.numerator + rest) / (rate.n + rest) >= goal else MISSED


def of_volume(count: int, promised: float, gone: float) -> str:
    """Ahead of the pace is kept; behind it is slipping until the period is over."""
    if count >= promised * gone:
        return KEPT
    return MISSED if gone >= 1 else SLIPPING


def joint_goal(parts: Iterable[tuple[int, float]]) -> float | None:
    """One goal for several commitments: each weighs as much as it was measured; unmeasured ones alike."""
    every = list(parts)
    if not every:
        return None
    weights = [n for n, _ in every] if any(n for n, _ in every) else [1] * len(every)
    total = sum(weight * goal for weight, (_, goal) in zip(weights, every, strict=True))
    return total / sum(weights)


def lost_with_marketing(waits: Iterable[tuple[datetime, datetime | None, datetime]]) -> float | None:
    """Of the wall-clock time that late buyers waited (raised, offered, ended), the share before the offer."""
    before = whole = 0.0
    for raised, offered, ended in waits:
        handed_over = min(max(offered or ended, raised), ended)
        before += (handed_over - raised).total_seconds()
        whole += (ended - raised).total_seconds()
    return before / whole if whole else None
