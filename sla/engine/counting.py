"""What a contract says of counting: the bases of offers that a volume promise counts. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from definitions.engine.shapes import CriteriaError, check_object

Json = Any


def written(said: Json, path: str, known: Collection[str]) -> dict[str, Json]:
    """What an agreement file says, checked. Raises CriteriaError: its place and a sentence."""
    check_object(said, path, required=set(), optional={"bases"})
    bases = said.get("bases", [])
    if not isinstance(bases, list):
        raise CriteriaError(f"{path}/bases", "a list of bases is wanted")
    for place, basis in enumerate(bases):
        if basis not in known:
            raise CriteriaError(f"{path}/bases/{place}", f"one of {', '.join(known)} is wanted")
    return dict(said)


def counted(rules: Json) -> tuple[str, ...]:
    """The bases that are named; none named, or rules that are none (F31): every one counts."""
    return tuple(rules.get("bases") or ()) if isinstance(rules, Mapping) else ()
