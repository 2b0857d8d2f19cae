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

    def correct(self, now: datetime, right: Hours) -> None:
        """Rule 10: all that ran by earlier versions is measured by the right one."""
        if not any(
            _corrects(right, hours) for hours in (self.hours, *(hours for hours, _, _ in self.stretches))
        ):
            return
        self.pass_due(now)
        if not self.changes:
            return
        self.stretches = [
            (right if _corrects(right, hours) else hours, *span) for hours, *span in self.stretches
        ]
        self.hours = right if _corrects(right, self.hours) else self.hours
        due = self._used_up()
        if self.status == "paused" and due and due < now:
            self._unpause()
        if self.status == "running":
            self.due = due
        self.pass_due(now)

    def _used_up(self) -> datetime | None:
        """The moment at which the target was used up in these stretches, if it was or will be."""
        left = self.promise.target
        for hours, since, until in self.stretches:
            worked = hours.worked(since, until) if until else None
            if worked is None or left <= worked:
                return hours.after(since, left)
            left -= worked
        return None

    def _unpause(self) -> None:
        """By the right hours it was due before it was paused, so it was never paused (rule 6)."""
        hours, since, _ = self.stretches[-1]
        self.stretches[-1] = (hours, since, None)
        self.status, self.holds = "running", set()

    def _run(self, now: datetime) -> None:
        self.due = self.hours.after(now, max(self.promise.target - self.consumed, ZERO))
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


def _corrects(right: Hours, hours: Hours) -> bool:
    return hours.name == right.name and hours.version < right.version
