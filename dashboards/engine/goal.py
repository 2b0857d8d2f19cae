"""From a revenue goal back to leads: deals, SQLs, accepted leads and offers, by source and by month.

Every step is rounded up: two and a half deals are three. Parts of a whole are given out by largest remainder, so
they add up to it to the unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from dashboards.engine.figures import Rate
from dashboards.engine.periods import Days, month_of

ONE_TENTH = Decimal("1.1")
LEVERS = ("deal", "win", "qualify", "accept")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the way back rests on: money in one currency, rates from 0 to 1, days from offer to won."""

    revenue: Decimal
    share: Decimal
    pipeline: Decimal
    deal: Decimal
    win: Decimal
    qualify: Decimal
    accept: Decimal
    lag: int = 0

    @property
    def wanted(self) -> Decimal:
        """What leads of marketing must bring beyond the open pipeline."""
        return max(self.revenue * self.share - self.pipeline, Decimal(0))


@dataclass(frozen=True, slots=True)
class Needed:
    """For the whole quarter."""

    deals: int
    qualified: int
    accepted: int
    offers: int

    @property
    def offers_a_month(self) -> int:
        return -(-self.offers // 3)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Offers of one source that had time to become customers, and how far they came."""

    source: str
    offers: int
    accepted: Rate
    qualified: Rate
    won: Rate


@dataclass(frozen=True, slots=True)
class Part:
    """One source's part of what is needed."""

    source: str
    offers: int
    accepted: int
    qualified: int
    deals: int


def needed(assumed: Assumed) -> Needed:
    """Rates and the deal are above zero, or ValueError."""
    if min(assumed.deal, assumed.win, assumed.qualify, assumed.accept) <= 0:
        raise ValueError("A goal cannot be reached with a rate or a deal of zero.")
    deals = _up(assumed.wanted / assumed.deal)
    qualified = _up(deals / assumed.win)
    accepted = _up(qualified / assumed.qualify)
    return Needed(deals, qualified, accepted, _up(accepted / assumed.accept))


def between(assumed: Assumed, win: Rate) -> tuple[int, int] | None:
    """Offers a month at the upper and the lower end of the interval of a measured win rate."""
    if win.interval is None or win.interval[0] <= 0:
        return None
    low, high = (Decimal(str(edge)) for edge in win.interval)
    fewest, most = (needed(replace(assumed, win=rate)) for rate in (high, low))
    return fewest.offers_a_month, most.offers_a_month


def levers(assumed: Assumed) -> list[tuple[str, Decimal, Decimal, int]]:
    """Each lever now, one tenth better, and the offers a month that would then do."""
    found = []
    for name in LEVERS:
        now: Decimal = getattr(assumed, name)
        then = now * ONE_TENTH if name == "deal" else min(now * ONE_TENTH, Decimal(1))
        better: dict[str, Any] = {name: then}
        found.append((name, now, then, needed(replace(assumed, **better)).offers_a_month))
    return found


def by_source(total: Needed, cohorts: Sequence[Cohort], overall: Cohort, enough: int) -> list[Part]:
    """Offers in today's mix; what each source gives from it by its own rates, by all together's where too few."""
    mix = {one.source: Fraction(one.offers) for one in cohorts}
    steps = {"offers": mix}
    weights = mix
    for name, step in (("accepted", "accepted"), ("qualified", "qualified"), ("deals", "won")):
        weights = {
            one.source: weights[one.source] * _own(getattr(one, step), getattr(overall, step), enough)
            for one in cohorts
        }
        steps[name] = weights
    given = {name: largest_remainder(getattr(total, name), of) for name, of in steps.items()}
    return [
        Part(one.source, *(given[name].get(one.source, 0) for name in ("offers", "accepted", "qualified", "deals")))
        for one in cohorts
    ]  # fmt: skip


def due_before(quarter: Days, lag: int) -> date:
    """The first day on which an offer comes too late: by then a deal takes until after the quarter."""
    return quarter.until - timedelta(days=lag)


def by_month(offers: int, quarter: Days, lag: int, today: date) -> list[tuple[str, int]]:
    """When the offers are due: as many days before the quarter as a deal takes, by the days of each month.

    None is asked of days that are over: what was offered on them is in what is open. Empty when all of them are.
    """
    first, until = max(quarter.first - timedelta(days=lag), today), due_before(quarter, lag)
    days: dict[str, Fraction] = {}
    while first < until:
        month = month_of(first)
        days[month.name] = Fraction((min(until, month.until) - first).days)
        first = month.until
    return list(largest_remainder(offers, days).items())


def closing_in(
    open_deals: Sequence[tuple[float, Decimal]], durations: Sequence[float], begins: float, ends: float
) -> Decimal:
    """The part of open amounts that would close from `begins` to before `ends`, in days from now.

    Each deal (its age in days, its amount) goes on like those won deals that took longer than it has taken so
    far (`durations`); one that is older than any of them is not counted on.
    """
    total = Decimal(0)
    for age, amount in open_deals:
        longer = [days for days in durations if days > age]
        inside = sum(begins <= days - age < ends for days in longer)
        total += amount * inside / len(longer) if longer else Decimal(0)
    return total


def largest_remainder(total: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole parts in proportion to the weights that add up to `total`; of equal remainders the first gets more."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    found = {name: int(part) for name, part in exact.items()}
    short = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in short[: total - sum(found.values())]:
        found[name] += 1
    return found


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the offers of a month ask of the reps, in hours, and what they have."""

    wanted: Decimal
    there: Decimal

    @property
    def percent(self) -> float:
        return float(self.wanted / self.there * 100) if self.there else 100.0

    @property
    def enough(self) -> bool:
        return self.wanted <= self.there


def capacity(offers: int, attempts: Decimal, minutes: Decimal, reps: int, hours: Decimal) -> Capacity:
    """`attempts` per offer, `minutes` each; `hours` a rep has for leads in a month."""
    return Capacity(offers * attempts * minutes / 60, reps * hours)


def _own(own: Rate, overall: Rate, enough: int) -> Fraction:
    rate = own if own.n >= enough else overall
    return Fraction(rate.numerator, rate.denominator) if rate.denominator else Fraction(0)


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
