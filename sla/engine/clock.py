"""One clock: a frozen state and its transitions in business time. An illegal transition raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from calendars.engine.business_time import BusinessCalendar, add_business_time, business_time_between

ZERO = timedelta()
SHORT_TARGET = timedelta(hours=1)
BY_HAND = "hand"
FOR_INFO = "return"


class Status(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class IllegalTransitionError(ValueError):
    """This clock cannot do that in its state."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """Everything that decides about one clock.

    `due_at` is the last moment that keeps the promise; empty while paused. `consumed` is the business
    time used before `running_since`, and all of it once the clock has ended. `marks` are the instants of
    its warnings, written by `marked` when somebody needs them. `holds` says what pauses it.
    """

    calendar: BusinessCalendar
    target: timedelta
    started_at: datetime
    due_at: datetime | None
    running_since: datetime | None
    status: Status = Status.RUNNING
    consumed: timedelta = ZERO
    percents: tuple[int, ...] = ()
    marks: tuple[datetime, ...] = ()
    warned: int = 0
    holds: tuple[str, ...] = ()
    needed: int = 1
    progress: int = 0
    satisfied_at: datetime | None = None
    ended_at: datetime | None = None
    by_booking: bool = False

    @property
    def is_open(self) -> bool:
        """It has not ended: it runs, stands, or was breached and still waits for its answer."""
        return self.ended_at is None

    @property
    def can_change(self) -> bool:
        """Verbs may pause, resume or recompute it (rule 15)."""
        return self.status in (Status.RUNNING, Status.PAUSED)

    @property
    def warn_at(self) -> datetime | None:
        """The next warning that was not recorded yet."""
        waits = self.status is Status.RUNNING and self.warned < len(self.marks)
        return self.marks[self.warned] if waits else None

    @property
    def risk_at(self) -> datetime | None:
        """From its last warning on it is at risk."""
        return self.marks[-1] if self.status is Status.RUNNING and self.marks else None


def default_warnings(target: timedelta) -> tuple[int, ...]:
    """Per cent of the target at which warnings fall where the commitment says nothing (rule 13)."""
    return (60,) if target < SHORT_TARGET else (50, 80)


def overdue(due_at: datetime | None, at: datetime) -> bool:
    """Satisfied at the due moment is in time; one microsecond later is not."""
    return due_at is not None and due_at < at


def used(clock: ClockState, at: datetime) -> timedelta:
    """Business time consumed until a moment; all of it for a clock that ended or stands."""
    if clock.running_since is None:
        return clock.consumed
    return clock.consumed + business_time_between(clock.calendar, clock.running_since, at)


def start(
    calendar: BusinessCalendar,
    target: timedelta,
    at: datetime,
    *,
    warnings: Sequence[int] = (),
    needed: int = 1,
) -> ClockState:
    if target <= ZERO:
        raise IllegalTransitionError("A promise needs a target above zero.")
    return ClockState(
        calendar=calendar,
        target=target,
        started_at=at,
        due_at=add_business_time(calendar, at, target),
        running_since=at,
        percents=tuple(sorted(warnings)) or default_warnings(target),
        needed=needed,
    )


def marked(clock: ClockState) -> ClockState:
    """The same with the instants of its warnings, which only a running clock needs."""
    if clock.status is not Status.RUNNING or len(clock.marks) == len(clock.percents):
        return clock
    return replace(clock, marks=_marks(clock))


def pause(clock: ClockState, at: datetime, hold: str = BY_HAND) -> ClockState:
    """Conserves the business time that is left. At or after the due moment it changes nothing (rule 6)."""
    _need(clock, clock.can_change, "paused")
    if clock.status is Status.PAUSED:
        return replace(clock, holds=tuple(sorted({*clock.holds, hold})))
    if clock.due_at is not None and at >= clock.due_at:
        return clock
    return replace(
        marked(clock),
        status=Status.PAUSED,
        consumed=used(clock, at),
        running_since=None,
        due_at=None,
        holds=(hold,),
    )


def resume(clock: ClockState, at: datetime, hold: str = BY_HAND) -> ClockState:
    """Lets go of one hold; the clock runs on once there is none."""
    _need(clock, clock.status is Status.PAUSED, "resumed")
    holds = tuple(kept for kept in clock.holds if kept != hold)
    return replace(clock, holds=holds) if holds else _run_on(clock, at)


def stop(clock: ClockState, at: datetime, *, by_booking: bool = False) -> ClockState:
    """The promise was kept, or the late answer came. A paused clock resumes and ends at once (rule 16)."""
    _need(clock, clock.is_open, "stopped")
    if clock.status is Status.PAUSED:
        clock = _run_on(clock, at)
    late = clock.status is Status.BREACHED or overdue(clock.due_at, at)
    if late and clock.status is not Status.BREACHED:
        raise IllegalTransitionError("A clock past its due moment is breached before it is stopped.")
    return replace(
        _ended(clock, at),
        status=Status.BREACHED if late else Status.MET,
        satisfied_at=max(at, clock.started_at),
        by_booking=by_booking,
    )


def cancel(clock: ClockState, at: datetime) -> ClockState:
    """It counts in no rate any more; an existing breach stays."""
    _need(clock, clock.is_open, "cancelled")
    status = Status.BREACHED if clock.status is Status.BREACHED else Status.CANCELLED
    return replace(_ended(clock, at), status=status)


def count(clock: ClockState, at: datetime, *, done: int, enough: bool) -> ClockState:
    """One more human attempt; with `enough` of them the clock stops."""
    _need(clock, clock.is_open, "counted")
    counted = replace(clock, progress=done)
    return stop(counted, at) if enough else counted


def recompute(
    clock: ClockState, at: datetime, *, calendar: BusinessCalendar, target: timedelta | None = None
) -> ClockState:
    """Other hours or another target from now on; what was consumed stays consumed."""
    _need(clock, clock.can_change, "recomputed")
    changed = replace(
        marked(clock), consumed=used(clock, at), calendar=calendar, target=target or clock.target
    )
    return changed if clock.status is Status.PAUSED else _run(changed, at)


def breach(clock: ClockState) -> ClockState:
    """Its due moment passed. It stays open until somebody answers."""
    _need(clock, clock.status is Status.RUNNING, "breached")
    return replace(clock, status=Status.BREACHED, marks=())


def warn(clock: ClockState) -> ClockState:
    """The next warning is recorded."""
    _need(clock, clock.warn_at is not None, "warned")
    return replace(clock, warned=clock.warned + 1)


def _run_on(clock: ClockState, at: datetime) -> ClockState:
    return _run(replace(clock, status=Status.RUNNING, holds=()), at)


def _run(clock: ClockState, at: datetime) -> ClockState:
    left = max(clock.target - clock.consumed, ZERO)
    running = replace(clock, running_since=at, due_at=add_business_time(clock.calendar, at, left))
    return replace(running, marks=_marks(running))


def _ended(clock: ClockState, at: datetime) -> ClockState:
    return replace(
        clock,
        consumed=used(clock, at),
        running_since=None,
        ended_at=max(at, clock.started_at),
        marks=(),
        holds=(),
    )


def _marks(clock: ClockState) -> tuple[datetime, ...]:
    """Warnings whose share was consumed in an earlier stretch keep the instant they had then."""
    since, found = clock.running_since, []
    for place, percent in enumerate(clock.percents):
        ahead = clock.target * percent // 100 - clock.consumed
        if since is None or (ahead <= ZERO and place < len(clock.marks)):
            found.append(clock.marks[place] if since is None else min(clock.marks[place], since))
        else:
            found.append(add_business_time(clock.calendar, since, max(ahead, ZERO)))
    return tuple(found)


def _need(clock: ClockState, allowed: bool, doing: str) -> None:
    if not allowed:
        ended = " and has ended" if clock.ended_at else ""
        raise IllegalTransitionError(f"A clock that is {clock.status}{ended} cannot be {doing}.")
