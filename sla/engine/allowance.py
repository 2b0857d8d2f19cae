"""How long a pause by hand may last: business time over all pauses of one cycle, and the moment it is used up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.engine.business_time import (
    BusinessCalendar,
    NeverOpensError,
    add_business_time,
    business_time_between,
)

ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause by hand; `until` is empty while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What one contract version says of pauses, and the hours in which its cap is counted.

    Reasons None: every one is allowed. No cap: nothing limits a pause.
    """

    calendar: BusinessCalendar
    reasons: tuple[str, ...] | None = None
    cap: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a pause that begins now may be: allowed reasons, business time left, and when that is used up.

    Reasons None: every one; empty: none, where two versions share not a single one. Something left, but no end: the
    calendar has less open time than that, so no pause uses it up.
    """

    reasons: tuple[str, ...] | None = None
    cap: timedelta | None = None
    left: timedelta | None = None
    ends_at: datetime | None = None
    calendar: BusinessCalendar | None = None

    @property
    def is_used_up(self) -> bool:
        return self.left is not None and self.left <= ZERO

    @property
    def never_ends(self) -> bool:
        return self.left is not None and self.ends_at is None

    def allows(self, reason: str) -> bool:
        return self.reasons is None or reason in self.reasons


def allowance(terms: Sequence[Terms], pauses: Sequence[Pause], at: datetime) -> Allowance:
    """The tightest of what the clocks that would stand allow; without any, everything."""
    found = [_by(one, pauses, at) for one in terms]
    if not found:
        return Allowance()
    tightest = min(found, key=lambda one: (one.ends_at is None, one.ends_at or at, one.cap is None))
    named = [one.reasons for one in found if one.reasons is not None]
    shared = tuple(key for key in named[0] if all(key in keys for keys in named)) if named else None
    return Allowance(shared, tightest.cap, tightest.left, tightest.ends_at, tightest.calendar)


def _by(terms: Terms, pauses: Iterable[Pause], at: datetime) -> Allowance:
    if terms.cap is None:
        return Allowance(terms.reasons, calendar=terms.calendar)
    left = max(terms.cap - stood(terms.calendar, pauses, at), ZERO)
    return Allowance(terms.reasons, terms.cap, left, _used_up_at(terms.calendar, at, left), terms.calendar)


def _used_up_at(calendar: BusinessCalendar, at: datetime, left: timedelta) -> datetime | None:
    try:
        return add_business_time(calendar, at, left)
    except NeverOpensError:
        return None


def stood(calendar: BusinessCalendar, pauses: Iterable[Pause], at: datetime) -> timedelta:
    """Business time of these pauses until a moment."""
    spans = (business_time_between(calendar, pause.since, pause.until or at) for pause in pauses)
    return sum(spans, ZERO)
