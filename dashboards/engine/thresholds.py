"""Which numbers a new wording of a definition asks less of than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

AT_LEAST, AT_MOST = frozenset({"gte", "gt"}), frozenset({"lte", "lt"})


@dataclass(frozen=True, slots=True)
class Lowered:
    """One threshold that was moved so that more leads pass."""

    subject: str
    at_least: bool
    was: float
    now: float


def lowered(before: Any, after: Any) -> list[Lowered]:
    """Thresholds that stand in both trees and are easier to pass now. Below a `not` nothing is compared."""
    known = dict(_numbers(before))
    found = []
    for (subject, at_least), now in _numbers(after):
        was = known.get((subject, at_least))
        if was is not None and (now < was if at_least else now > was):
            found.append(Lowered(subject, at_least, was, now))
    return found


def _numbers(tree: Any) -> Iterator[tuple[tuple[str, bool], float]]:
    if not isinstance(tree, dict) or "not" in tree:
        return
    for part in (*tree.get("all", ()), *tree.get("any", ())):
        yield from _numbers(part)
    value: Any = tree.get("value")
    op, subject = tree.get("op"), _subject(tree)
    if op == "between" and _is_pair(value):
        yield (subject, True), value[0]
        yield (subject, False), value[1]
    elif op in AT_LEAST | AT_MOST and _is_number(value):
        yield (subject, op in AT_LEAST), value


def _subject(leaf: dict[str, Any]) -> str:
    touches = leaf.get("touches")
    return "touches: " + ", ".join(touches.get("kind") or ["any"]) if touches else str(leaf.get("fact", ""))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
