"""What a contract says of pauses by hand: reasons that are allowed and a cap in business hours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeGuard

from definitions.engine.shapes import CriteriaError, check_object

Json = Any
MOST_HOURS = 10_000


@dataclass(frozen=True, slots=True)
class PauseTerms:
    """No reasons named (None): every one is allowed. No cap: nothing limits a pause."""

    reasons: tuple[str, ...] | None = None
    cap: timedelta | None = None


def written(said: Json, path: str = "") -> dict[str, Json]:
    """What an agreement file says, checked. Raises CriteriaError: its place and a sentence."""
    check_object(said, path, required=set(), optional={"reasons", "cap_hours"})
    if "reasons" in said and not _are_keys(said["reasons"]):
        raise CriteriaError(f"{path}/reasons", "a list of keys of reasons is wanted")
    if said.get("cap_hours") is not None and not _is_cap(said["cap_hours"]):
        raise CriteriaError(f"{path}/cap_hours", f"a number above 0, up to {MOST_HOURS:,} hours, is wanted")
    return dict(said)


def holds(said: Json) -> PauseTerms:
    """What holds of rules that stand already: one that cannot be read limits nothing (F31)."""
    rules = said if isinstance(said, dict) else {}
    reasons, hours = rules.get("reasons"), rules.get("cap_hours")
    named = tuple(reasons) if _are_keys(reasons) else ()
    return PauseTerms(named or None, timedelta(hours=hours) if _is_cap(hours) else None)


def _are_keys(value: Json) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(key, str) and key.strip() for key in value)


def _is_cap(value: Json) -> TypeGuard[float]:
    return type(value) in (int, float) and 0 < value <= MOST_HOURS
