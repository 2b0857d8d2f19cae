"""Pace of a promise about a period: how much should be there by now, and what the period will bring.

Days are weighed by the promise's calendar: a closed day weighs nothing, a day that closes early its share of the
hours that it usually has. So Monday morning is not behind because of a weekend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import sqrt
from statistics import fmean, variance

from calendars.engine.business_time import BusinessCalendar, business_time_between

AHEAD, ON_PACE, BEHIND = "ahead", "on pace", "behind"
RECENT_DAYS = 20
FEWEST_DAYS = 5
Z80 = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days between midnights of the reporting zone (UTC instants, one more than days), each with its weight."""

    edges: tuple[datetime, ...]
    weights: tuple[float, ...]
    calendar: BusinessCalendar

    @property
    def total(self) -> float:
        return sum(self.weights)

    def gone(self, at: datetime) -> float:
        """Working days that have passed, today by the share of its open time that has."""
        found = 0.0
        for (start, end), weight in zip(pairwise(self.edges), self.weights, strict=True):
            if end <= at:
                found += weight
            elif start < at and weight:
                whole = business_time_between(self.calendar, start, end)
                found += weight * (business_time_between(self.calendar, start, at) / whole)
        return found


@dataclass(frozen=True, slots=True)
class Pace:
    """What is there, held against the share of the promise that the working days so far should have brought."""

    promised: float
    actual: float
    gone: float
    days: float

    @property
    def expected(self) -> float:
        return self.promised * self.gone / self.days if self.days else self.promised

    @property
    def gap(self) -> float:
        """In the unit of the promise; negative is behind."""
        return self.actual - self.expected

    @property
    def mark(self) -> str:
        """On pace is within half a working day of the promise."""
        within = self.promised / self.days / 2 if self.days else 0.0
        return ON_PACE if abs(self.gap) <= within else AHEAD if self.gap > 0 else BEHIND


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the period will have brought at its end; four of five times it lies from `low` to `high`."""

    expected: float
    low: float
    high: float


def working_days(calendar: BusinessCalendar, edges: Sequence[datetime]) -> WorkingDays:
    """`edges` are the midnights of the days and of the day after the last."""
    usual = replace(calendar, shifts=(), breaks=(), holidays=()) if any(calendar.hours) else calendar
    spans = list(pairwise(edges))
    ordinary = [business_time_between(usual, *span) for span in spans]
    longest = max(ordinary, default=None)
    weights = []
    for span, hours in zip(spans, ordinary, strict=True):
        measure = hours or longest
        share = business_time_between(calendar, *span) / measure if measure else 0.0
        weights.append(min(share, 1.0))
    return WorkingDays(tuple(edges), tuple(weights), calendar)


def by_working_day(amounts: Sequence[float], weights: Sequence[float]) -> list[float]:
    """What each working day brought. What came on a closed day belongs to the working day before it."""
    found: list[float] = []
    for amount, weight in zip(amounts, weights, strict=True):
        if weight:
            found.append(amount)
        elif found:
            found[-1] += amount
    return found


def forecast(actual: float, recent: Sequence[float], left: float) -> Forecast | None:
    """`actual` so far, and `left` working days at the rate of the last 20 whole working days (`recent`).

    The range holds how much one day differs from another, and how little 20 days say about the rate.
    None with fewer than five such days: too early to say.
    """
    days = list(recent)[-RECENT_DAYS:]
    if len(days) < FEWEST_DAYS:
        return None
    rate, spread = fmean(days), variance(days)
    reach = Z80 * sqrt(spread * left + spread * left * left / len(days))
    expected = actual + rate * left
    return Forecast(expected, max(expected - reach, actual), expected + reach)
