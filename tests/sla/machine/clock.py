"""One clock of the model: a list of stretches in which it ran, and what was decided about it (domain section 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.sla.machine.hours import ZERO, Hours

BY_HAND, FOR_INFO = "hand", "info"


@dataclass(frozen=True)
class Promise:
    """One commitment of the model's contract. `by`: whose hours count (office, team, always)."""

    target: timedelta
    by: str = "always"
    attempts: int = 1
    restarts: bool = False


@dataclass
class Clock:
    """What the product stores of it is derived from `stretches`: (hours, since, until or None)."""

    kind: str
    subject: tuple[str, int]
    round: int
    promise: Promise
    hours: Hours
    started: datetime
    stretches: list[tuple[Hours, datetime, datetime | None]] = field(default_factory=list)
    holds: set[str] = field(default_factory=set)
    status: str = "running"
    due: datetime | None = None
    satisfied: datetime | None = None
    ended: datetime | None = None

    def __post_init__(self) -> None:
        self._run(self.started)

    @property
    def changes(self) -> bool:
        """Rule 15: verbs pause, resume and recompute only what is neither missed nor over."""
        return self.status in ("running", "paused")

    @property
    def consumed(self) -> timedelta:
        return sum((hours.worked(since, until) for hours, since, until in self.stretches if until), ZERO)

    def seen(self) -> tuple[object, ...]:
        """What is compared with the product."""
        return (self.status, self.due, self.consumed, self.satisfied, self.ended)

    def pass_due(self, now: datetime) -> None:
        """Rules 3 and 16: missed once its due moment has passed."""
        if self.status == "running" and self.due is not None and self.due < now:
            self.status = "breached"

    def end(self, now: datetime) -> None:
        if self.ended:
            return
        if self.status == "paused":
            self._run(now)
        self.status = "breached" if self.status == "breached" else "met"
        self.satisfied = self._close(now)

    def cancel(self, now: datetime) -> None:
        if self.ended:
            return
        self.status = "breached" if self.status == "breached" else "cancelled"
        self._close(now)

    def pause(self, now: datetime, hold: str) -> None:
        """Rule 6: at or after the due moment it changes nothing."""
        if self.status == "paused":
            self.holds.add(hold)
        elif self.status == "running" and self.due is not None and now < self.due:
            self._stand(now)
            self.status, self.due, self.holds = "paused", None, {hold}

    def resume(self, now: datetime, hold: str) -> None:
        if self.status == "paused":
            self.holds.discard(hold)
            if not self.holds:
                self.status = "running"
                self._run(now)

    def move(self, now: datetime, hours: Hours) -> None:
        """Rule 8: what is left runs on in other hours."""
        if not self.changes:
            return
        self.hours = hours
        if self.status == "running":
            self._stand(now)
            self._run(now)

    def _run(self, now: datetime) -> None:
        self.due = self.hours.after(now, self.promise.target - self.consumed)
        self.stretches.append((self.hours, now, None))

    def _stand(self, now: datetime) -> None:
        hours, since, until = self.stretches[-1]
        if until is None:
            self.stretches[-1] = (hours, since, now)

    def _close(self, now: datetime) -> datetime:
        self._stand(max(now, self.started))
        self.holds = set()
        self.ended = max(now, self.started)
        return self.ended
