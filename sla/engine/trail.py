"""By which hours a clock ran when, read from its log: what a recompute measures anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from calendars.engine.business_time import BusinessCalendar, add_business_time, business_time_between

ZERO = timedelta()
Calendars = Mapping[int | None, BusinessCalendar]  # by version; None: all hours


class LogLine(Protocol):
    """A line of a clock's log, as far as a trail reads it."""

    @property
    def kind(self) -> Any: ...

    @property
    def at(self) -> Any: ...

    @property
    def data(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch in which a clock ran by the hours of one version; `until` is empty while it runs on."""

    since: datetime
    until: datetime | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The finished legs of a clock. `since` is where the present one began; empty while the clock stands."""

    version: int | None
    since: datetime | None
    legs: tuple[Leg, ...] = ()

    @property
    def opened(self) -> tuple[Leg, ...]:
        """The legs, the last of them without an end, as if the clock had never been paused there."""
        if self.since is not None:
            return (*self.legs, Leg(self.since, None, self.version))
        return (*self.legs[:-1], replace(self.legs[-1], until=None))

    def paused(self, at: datetime) -> Trail:
        if self.since is None:
            return self
        return replace(self, since=None, legs=(*self.legs, Leg(self.since, at, self.version)))

    def resumed(self, at: datetime) -> Trail:
        return replace(self, since=at) if self.since is None else self

    def moved(self, at: datetime, version: int | None) -> Trail:
        """Other hours from a moment on; what ran before ran by the hours it had."""
        if self.since is None or at < self.since:  # a meeting that is still to come
            return replace(self, version=version)
        return replace(self.paused(at), since=at, version=version)

    def corrected(self, wrong: Iterable[int], right: int) -> Trail:
        """Wherever one of the wrong versions counted, the right one should have."""
        known = frozenset(wrong)
        legs = tuple(replace(leg, version=right) if leg.version in known else leg for leg in self.legs)
        return replace(self, legs=legs, version=right if self.version in known else self.version)

    def versions(self) -> frozenset[int | None]:
        return frozenset(leg.version for leg in self.legs) | {self.version}


def trail_of(started_at: datetime, lines: Iterable[LogLine]) -> Trail:
    """What the lines of a clock's log, in their order, say of its hours."""
    trail = Trail(None, started_at)
    for line in lines:
        trail = _read(trail, line)
    return trail


def _read(trail: Trail, line: LogLine) -> Trail:
    data: Mapping[str, Any] = line.data
    if line.kind == "chosen":
        return replace(trail, version=data.get("calendar_version"))
    if line.kind == "paused":
        return trail.paused(line.at)
    if line.kind == "resumed" and data.get("due_at"):  # without: another hold keeps it
        return trail.resumed(line.at)
    if line.kind == "recomputed":
        wrong = data.get("wrong")
        return (
            trail.corrected(wrong, data["right"]) if wrong else trail.moved(line.at, data["calendar_version"])
        )
    return trail


def spent(legs: Sequence[Leg], calendars: Calendars) -> timedelta:
    """Business time used in finished legs."""
    return sum((_worked(leg, leg.until, calendars) for leg in legs if leg.until), ZERO)


def counted_within(legs: Sequence[Leg], calendars: Calendars, since: datetime, until: datetime) -> timedelta:
    """Business time of finished legs that lies between two moments: what one holder had of a clock."""
    cut = (replace(leg, since=max(leg.since, since)) for leg in legs)
    ends = ((leg, min(leg.until or until, until)) for leg in cut)
    return sum((_worked(leg, end, calendars) for leg, end in ends if leg.since < end), ZERO)


def used_up_at(legs: Sequence[Leg], calendars: Calendars, amount: timedelta) -> datetime | None:
    """The first moment at which that much was used; None if the legs end before. Raises ValueError as the
    engine of business time does."""
    left = amount
    for leg in legs:
        worked = None if leg.until is None else _worked(leg, leg.until, calendars)
        if worked is None or left <= worked:
            return add_business_time(calendars[leg.version], leg.since, left)
        left -= worked
    return None


def _worked(leg: Leg, until: datetime, calendars: Calendars) -> timedelta:
    return business_time_between(calendars[leg.version], leg.since, until)
