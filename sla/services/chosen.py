"""The choice of a commitment as a line of the clock's log, and back: a replay reads it, it judges nothing again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sla.engine.effort import Effort
from sla.engine.entry import Choice, Hours

SECOND = timedelta(seconds=1)


def as_line(choice: Choice) -> dict[str, Any]:
    """Ids, codes and numbers only."""
    effort = choice.effort
    return {
        "commitment": choice.commitment,
        "calendar_version": choice.hours.version,
        "target": choice.target / SECOND,
        "warnings": list(choice.warnings),
        "effort": [effort.attempts, effort.days, effort.calls, effort.channels],
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
