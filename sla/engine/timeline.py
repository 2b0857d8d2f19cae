"""How a clock went: when it ran, stood, was closed or late, and how much it used, from its own log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from calendars.engine.business_time import BusinessCalendar, business_time_between, open_intervals

ZERO = timedelta()


class Phase(StrEnum):
    """What a clock does in one stretch of time."""

    RUNS = "run"
    STANDS = "pause"
    CLOSED = "closed"
    LATE = "late"


class Turn(StrEnum):
    """What makes a clock go on in another way."""

    PAUSE = "paused"
    RESUME = "resumed"
    MOVE = "recomputed"


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a clock; `calendar` where other hours count from then on."""

    turn: Turn
    at: datetime
    calendar: BusinessCalendar | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What decides how a clock went. `until` is its end, or now; `due_at` is empty while it stands."""

    calendar: BusinessCalendar
    started_at: datetime
    until: datetime
    due_at: datetime | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase from a moment to another. `worked` is the business time in it."""

    start: datetime
    end: datetime
    phase: Phase
    worked: timedelta = ZERO


@dataclass(frozen=True, slots=True)
class _Leg:
    """Between two turns: the same hours, and either running or standing."""

    start: datetime
    end: datetime
    calendar: BusinessCalendar
    runs: bool

    def worked(self, since: datetime, until: datetime) -> timedelta:
        return business_time_between(self.calendar, max(self.start, since), min(self.end, until))


def stretches(course: Course) -> tuple[Stretch, ...]:
    """Without gaps from start to end; neighbours differ in phase."""
    found: list[Stretch] = []
    for one in _drawn(course):
        if found and found[-1].phase is one.phase:
            found[-1] = Stretch(found[-1].start, one.end, one.phase, found[-1].worked + one.worked)
        else:
            found.append(one)
    return tuple(found)


def used(course: Course, until: datetime) -> timedelta:
    """Business time that the clock counted from its start to a moment; what it stood is not counted."""
    return _sum(leg.worked(course.started_at, until) for leg in _legs(course) if leg.runs)


def stood(course: Course) -> timedelta:
    """Business time that passed while it was paused."""
    return _sum(leg.worked(course.started_at, course.until) for leg in _legs(course) if not leg.runs)


def counted(course: Course, since: datetime, until: datetime) -> timedelta:
    """Business time that the clock counted between two moments: what one holder used of it."""
    return _sum(leg.worked(since, until) for leg in _legs(course) if leg.runs)


def pauses(course: Course) -> tuple[Stretch, ...]:
    """The stretches in which it stood, in order."""
    return tuple(one for one in stretches(course) if one.phase is Phase.STANDS)


def _drawn(course: Course) -> Iterator[Stretch]:
    for leg in _legs(course):
        if not leg.runs:
            yield Stretch(leg.start, leg.end, Phase.STANDS, leg.worked(leg.start, leg.end))
            continue
        in_time = leg.end if course.due_at is None else min(max(course.due_at, leg.start), leg.end)
        yield from _open_and_closed(leg, in_time)
        if in_time < leg.end:
            yield Stretch(in_time, leg.end, Phase.LATE, leg.worked(in_time, leg.end))


def _open_and_closed(leg: _Leg, until: datetime) -> Iterator[Stretch]:
    at = leg.start
    for opened, closed in open_intervals(leg.calendar, leg.start, until):
        if at < opened:
            yield Stretch(at, opened, Phase.CLOSED)
        yield Stretch(opened, closed, Phase.RUNS, closed - opened)
        at = closed
    if at < until:
        yield Stretch(at, until, Phase.CLOSED)


def _legs(course: Course) -> Iterator[_Leg]:
    since, calendar, runs = course.started_at, course.calendar, True
    for step in course.steps:
        at = min(max(step.at, since), course.until)
        if at > since:
            yield _Leg(since, at, calendar, runs)
        since = at
        runs = runs if step.turn is Turn.MOVE else step.turn is Turn.RESUME
        calendar = step.calendar or calendar
    if course.until > since:
        yield _Leg(since, course.until, calendar, runs)


def _sum(spans: Iterable[timedelta]) -> timedelta:
    return sum(spans, ZERO)
