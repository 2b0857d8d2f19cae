"""Whether a recycled lead was looked after as promised: touched in time, and woken on its date. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

IN_TIME, LATE, UNTOUCHED, WOKEN_LATE, WAITING = "in time", "late", "no touch", "woken late", "waiting"


@dataclass(frozen=True, slots=True)
class Recycling:
    """One lead that went back to marketing at `at`.

    `due_at` is the last moment for the first touch, `touched_at` that touch while it was recycled; `wakes_by` is the
    end of the day on which it was to wake, `left_at` when it was recycled no longer. None: not yet, or no date.
    """

    event: int
    lead: int
    at: datetime
    due_at: datetime
    touched_at: datetime | None = None
    wakes_by: datetime | None = None
    left_at: datetime | None = None

    def state(self, known_at: datetime) -> str:
        """By what is known at a moment. Empty: it left before its touch was due, so nothing is measured."""
        if self._overslept(known_at):
            return WOKEN_LATE
        if self.touched_at is not None and self.touched_at <= known_at:
            return IN_TIME if self.touched_at <= self.due_at else LATE
        if self.left_at is not None and self.left_at <= min(self.due_at, known_at):
            return ""
        return WAITING if known_at <= self.due_at else UNTOUCHED

    def _overslept(self, known_at: datetime) -> bool:
        """Its day is over, and it was not woken by then."""
        if self.wakes_by is None or known_at <= self.wakes_by:
            return False
        return self.left_at is None or self.left_at > self.wakes_by
