"""How often somebody is reminded of what waits: at a first moment, then every week, then no more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The first so long after it began to wait, then every week, `most` in all."""

    first: timedelta = timedelta(0)
    most: int = 4

    @property
    def over_after(self) -> timedelta:
        """What waits longer than this is reminded of no more."""
        return self.first + self.most * WEEK

    def number(self, since: datetime, now: datetime) -> int | None:
        """Which reminder is due; those that were slept through are left out. None: none yet, or none any more."""
        waited = now - since - self.first
        if waited < timedelta(0):
            return None
        number = 1 + waited // WEEK
        return number if number <= self.most else None
