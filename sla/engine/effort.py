"""Follow-up effort: how many human attempts, on how many days, by which channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    """What a follow-up promise asks for. Nought asks for nothing.

    `zone` says in which zone a day is meant where the hours of a promise, being all hours, do not say it.
    """

    attempts: int = 1
    days: int = 0
    calls: int = 0
    channels: int = 0
    zone: str = field(default="UTC", compare=False)  # not part of what is asked for

    def met_by(self, made: Sequence[Attempt], tz: str) -> bool:
        """Days are those of this zone."""
        if any(attempt.settles for attempt in made):
            return True
        zone = ZoneInfo(tz)
        return (
            len(made) >= self.attempts
            and len({attempt.at.astimezone(zone).date() for attempt in made}) >= self.days
            and sum(attempt.channel == "call" for attempt in made) >= self.calls
            and len({attempt.channel for attempt in made}) >= self.channels
        )
