"""Follow-up effort: how many human attempts, on how many days, by which channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Attempt:
    """One human attempt of a cycle; `settles` when contact was made or a meeting was booked."""

    at: datetime
    channel: str = "unknown"
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Effort:
    """What a follow-up promise asks for. Nought asks for nothing."""

    attempts: int = 1
    days: int = 0
    calls: int = 0
    channels: int = 0

    def met_by(self, made: Sequence[Attempt], tz: str) -> bool:
        """Days are those of the calendar's zone."""
        if any(attempt.settles for attempt in made):
            return True
        zone = ZoneInfo(tz)
        return (
            len(made) >= self.attempts
            and len({attempt.at.astimezone(zone).date() for attempt in made}) >= self.days
            and sum(attempt.channel == "call" for attempt in made) >= self.calls
            and len({attempt.channel for attempt in made}) >= self.channels
        )
