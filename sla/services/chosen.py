"""The choice of a commitment as a line of the clock's log, and back: a replay reads it, it judges nothing again.

So it is with a recompute, which has no journal row: its line says after which row of its lead it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sla.engine.effort import Effort
from sla.engine.entry import Choice, Hours
from sla.engine.restate import Change, Correction

SECOND = timedelta(seconds=1)


def as_line(choice: Choice) -> dict[str, Any]:
    """Ids, codes and numbers only."""
    effort = choice.effort
    return {
        "commitment": choice.commitment,
        "calendar_version": choice.hours.version,
        "target": choice.target / SECOND,
        "warnings": list(choice.warnings),
        "effort": [effort.attempts, effort.days, effort.calls, effort.channels, effort.zone],
        "counted": choice.counted,
        "restarts": choice.restarts,
    }


def from_line(line: Mapping[str, Any], hours: Hours) -> Choice:
    return Choice(
        commitment=line["commitment"],
        hours=hours,
        target=timedelta(seconds=line["target"]),
        warnings=tuple(line["warnings"]),
        effort=Effort(*line["effort"]),
        counted=line["counted"],
        restarts=line["restarts"],
        why=line,
    )


def as_change(
    change: Change, *, recompute: int, after: int, due_at: tuple[datetime | None, datetime | None]
) -> dict[str, Any]:
    """`recompute` is the key of what asked for it, `after` of the newest journal row of the lead; due before, now."""
    was_due, is_due = (at.isoformat() if at else None for at in due_at)
    said: dict[str, Any] = {"recompute": recompute, "after": after, "was_due": was_due, "due_at": is_due}
    if change.correction:
        said |= {"wrong": list(change.correction.wrong), "right": change.correction.right.version}
    return as_line(change.choice) | said


def change_from(line: Mapping[str, Any], at: datetime, hours: Mapping[int | None, Hours]) -> Change:
    correction = Correction(tuple(line["wrong"]), hours[line["right"]]) if "wrong" in line else None
    return Change(at, from_line(line, hours[line["calendar_version"]]), correction)
