"""How messages about clocks are sent: cool-down, cap and quiet hours, as the contract says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from definitions.engine.shapes import CriteriaError, check_object

Json = Any
MOST = {"cool_down_minutes": 24 * 60, "daily_cap": 1_000}
DEFAULTS: Mapping[str, Json] = {"cool_down_minutes": 5, "daily_cap": 50, "quiet_hours": True}


@dataclass(frozen=True, slots=True)
class Alerts:
    """Between two mails about one clock to one person lies `cool_down`; a person gets at most `daily_cap` a day.

    With `quiet_hours` mail waits until the person's own hours begin.
    """

    cool_down: timedelta
    daily_cap: int
    quiet_hours: bool


def written(said: Json, path: str = "") -> dict[str, Json]:
    """What an agreement file says, checked. Raises CriteriaError: its place and a sentence."""
    check_object(said, path, required=set(), optional=set(DEFAULTS))
    for name, most in MOST.items():
        if name in said and not (type(said[name]) is int and 0 <= said[name] <= most):
            raise CriteriaError(f"{path}/{name}", f"a whole number from 0 to {most} is wanted")
    if said.get("daily_cap") == 0:
        raise CriteriaError(f"{path}/daily_cap", "a person who is never told cannot answer: at least 1")
    if not isinstance(said.get("quiet_hours", True), bool):
        raise CriteriaError(f"{path}/quiet_hours", "true or false is wanted")
    return dict(said)


def read(said: Json) -> Alerts:
    """What holds; defaults where nothing is said. Raises CriteriaError."""
    told = {**DEFAULTS, **written(said)}
    return Alerts(timedelta(minutes=told["cool_down_minutes"]), told["daily_cap"], told["quiet_hours"])


def holds(said: Json) -> Alerts:
    """What holds of terms that stand already: the defaults where they cannot be read (F31)."""
    try:
        return read(said)
    except CriteriaError:
        return read({})
