"""The goal calculator: what is assumed, what follows from it, and how much of both is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from common.templatetags.words import money, money_full, pct
from dashboards.engine import goal
from dashboards.engine.figures import COUNT_ONLY_BELOW, INTERVAL_BELOW, Rate
from dashboards.engine.goal import Assumed, Capacity, Needed, Part
from dashboards.engine.periods import Days
from dashboards.kpis.goal import MINUTES_AN_ATTEMPT, Own

MONEY_BELOW = 30
MOST = Decimal(10) ** 12
MOST_LAG, MOST_REPS, MOST_HOURS = 1000, 10_000, Decimal(400)  # days, people, a rep and month
MOST_ATTEMPTS, MOST_MINUTES = Decimal(100), Decimal(600)
HUNDRED = Decimal(100)
LEVERS = {
    "deal": "Average deal",
    "win": "SQL to won",
    "qualify": "Accepted to SQL",
    "accept": "Accepted of decided",
}
NEEDED = ("revenue", "deal", "win", "qualify", "accept")


@dataclass(frozen=True, slots=True)
class Step:
    """One bar on the way back."""

    label: str
    value: int
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Lever:
    name: str
    now: str
    then: str
    offers: int


@dataclass(frozen=True, slots=True)
class Result:
    """Everything below the form."""

    quarter: Days
    assumed: Assumed
    needed: Needed
    steps: list[Step]
    between: tuple[int, int] | None
    levers: list[Lever]
    sources: list[Part]
    months: list[tuple[str, int]]
    today: date
    due_before: date
    capacity: Capacity | None
    targets: dict[str, str]
    promises: list[tuple[str, str]]
    sum_words: str

    @property
    def has_begun(self) -> bool:
        """Whether some of the days on which the offers were due are over."""
        return self.due_before - (self.quarter.until - self.quarter.first) < self.today


def known(own: Own, quarter: Days) -> dict[str, Decimal | int | None]:
    """The own figures as the form shows and takes them; None where there are too few (domain section 7)."""
    for_money = own.deals >= MONEY_BELOW and own.deal is not None
    return {
        "revenue": _some(own.deal * own.deals / 4, 1000) if for_money and own.deal else None,
        "share": Decimal(100),
        "deal": _some(own.deal, 100) if for_money and own.deal else None,
        "win": _percent(own.overall.won),
        "qualify": _percent(own.overall.qualified),
        "accept": _percent(own.overall.accepted),
        "lag": min(round(own.lag.median), MOST_LAG)
        if own.lag.median is not None and own.lag.n >= COUNT_ONLY_BELOW
        else None,
        "pipeline": _from_open(own, quarter),
        "attempts": None if own.attempts is None else min(round(own.attempts, 1), MOST_ATTEMPTS),
        "minutes": MINUTES_AN_ATTEMPT if own.minutes is None else min(round(own.minutes, 1), MOST_MINUTES),
        "reps": min(own.reps, MOST_REPS) or None,
        "hours": min(round(own.hours, 1), MOST_HOURS) if own.hours >= 1 else None,
    }  # fmt: skip


def _from_open(own: Own, quarter: Days) -> Decimal:
    """What is open and should close in the quarter, weighed by the own win rate; nothing where that is too few."""
    if min(own.win_rate.n, len(own.durations)) < MONEY_BELOW:
        return Decimal(0)
    begins, ends = (quarter.first - own.today).days, (quarter.until - own.today).days
    closing = goal.closing_in(own.open_deals, own.durations, begins, ends)
    return min(_round(closing * _exact(own.win_rate), 1000), MOST)


def notes(own: Own, currency: str) -> dict[str, str]:
    """What each assumption rests on, with its n and a warning where that is few."""
    win = own.win_rate
    open_words = money(own.open_amount, currency)
    few_deals = f"{own.deals} won in a year: under 30 say nothing about money. Write your own"
    return {
        "revenue": "A quarter of what was won in the last 12 months"
        if own.deals >= MONEY_BELOW
        else few_deals,
        "deal": f"n = {own.deals:,} won in 12 months" if own.deals >= MONEY_BELOW else few_deals,
        "win": _rate_words(own.overall.won),
        "qualify": _rate_words(own.overall.qualified),
        "accept": _rate_words(own.overall.accepted),
        "lag": _lag_words(own),
        "pipeline": f"Of {open_words} open what should close in the quarter, {pct(win.value)} of {win.n:,} decided won"
        if win.n >= MONEY_BELOW
        else f"{open_words} open; {win.n} decided are too few to weigh it",
        "minutes": "Nobody logs minutes: 10 are assumed" if own.minutes is None else "As logged in 12 months",
        "attempts": "Human, outbound, in 12 months",
        "hours": "All working hours, unless you write fewer",
    }


def result(said: Mapping[str, Any], quarter: Days, own: Own, currency: str) -> Result | None:
    """None while one of the figures that it needs is missing."""
    if any(said.get(name) is None for name in NEEDED):
        return None
    assumed = Assumed(
        revenue=said["revenue"], share=_share(said["share"] or HUNDRED), pipeline=said["pipeline"] or Decimal(0),
        deal=said["deal"], win=_share(said["win"]), qualify=_share(said["qualify"]), accept=_share(said["accept"]),
        lag=said["lag"] or 0,
    )  # fmt: skip
    total = goal.needed(assumed)
    targets = _targets(assumed, total)
    measured = own.overall.won if said["win"] == _percent(own.overall.won) else Rate()
    return Result(
        quarter=quarter, assumed=assumed, needed=total, steps=_steps(assumed, total),
        between=goal.between(assumed, measured), levers=_levers(assumed, currency),
        sources=goal.by_source(total, own.cohorts, own.overall, MONEY_BELOW),
        months=goal.by_month(total.offers, quarter, assumed.lag, own.today), today=own.today,
        due_before=goal.due_before(quarter, assumed.lag), capacity=_capacity(said, total),
        targets=targets, promises=_promises(targets, currency), sum_words=_sum_words(assumed, total, currency),
    )  # fmt: skip


def _steps(assumed: Assumed, total: Needed) -> list[Step]:
    return [
        Step("Offers", total.offers, "mkt", f"{total.offers:,}, {total.offers_a_month:,} a month"),
        Step("Accepted", total.accepted, "sal", f"{total.accepted:,}, at {pct(assumed.accept)}"),
        Step("SQL", total.qualified, "sal", f"{total.qualified:,}, at {pct(assumed.qualify)}"),
        Step("Won deals", total.deals, "sal", f"{total.deals:,}, at {pct(assumed.win)}"),
    ]


def _sum_words(assumed: Assumed, total: Needed, currency: str) -> str:
    wanted, deal = money_full(assumed.wanted, currency), money_full(assumed.deal, currency)
    taken = f" after {money_full(assumed.pipeline, currency)} from what is open" if assumed.pipeline else ""
    return f"{wanted} from marketing leads{taken} ÷ {deal} a deal = {total.deals:,} won"


def _levers(assumed: Assumed, currency: str) -> list[Lever]:
    def words(name: str, value: Decimal) -> str:
        return money_full(value, currency) if name == "deal" else pct(value)

    return [
        Lever(LEVERS[name], words(name, now), words(name, then), offers)
        for name, now, then, offers in goal.levers(assumed)
    ]


def _capacity(said: Mapping[str, Any], total: Needed) -> Capacity | None:
    asked = [said.get(name) for name in ("attempts", "minutes", "reps", "hours")]
    return None if None in asked else goal.capacity(total.offers_a_month, *asked)  # type: ignore[arg-type]


def _targets(assumed: Assumed, total: Needed) -> dict[str, str]:
    """As the page of targets takes them. Shares in whole per cent, rounded down: a promise is not more than its sum."""
    found = {
        "volume": str(total.offers_a_month),
        "quality": _down(assumed.accept),
        "conversion": _down(assumed.qualify),
        "pipeline": str(_round(total.qualified * assumed.deal / 3, 1000)),
    }
    return {kind: value for kind, value in found.items() if Decimal(value) > 0}


def _promises(targets: Mapping[str, str], currency: str) -> list[tuple[str, str]]:
    """The targets as people read them."""
    words = {
        "volume": lambda value: f"{int(value):,} leads",
        "quality": lambda value: f"{value}% accepted",
        "conversion": lambda value: f"{value}% become SQLs",
        "pipeline": lambda value: money_full(Decimal(value), currency),
    }
    return [(kind.capitalize(), words[kind](value)) for kind, value in targets.items()]


def _down(share: Decimal) -> str:
    return str((share * HUNDRED).quantize(Decimal(1), ROUND_DOWN))


def _share(percent: Decimal) -> Decimal:
    return percent / HUNDRED


def _exact(rate: Rate) -> Decimal:
    return Decimal(rate.numerator) / rate.denominator if rate.denominator else Decimal(0)


def _percent(rate: Rate) -> Decimal | None:
    """To a tenth; a rate of zero is no assumption either."""
    if rate.n < COUNT_ONLY_BELOW or not rate.numerator:
        return None
    return round(_exact(rate) * HUNDRED, 1)


def _some(value: Decimal, step: int) -> Decimal | None:
    """Rounded, and no more than the form takes; None where nothing is left of it."""
    return min(_round(value, step), MOST) or None


def _round(value: Decimal, step: int) -> Decimal:
    return (value / step).quantize(Decimal(1)) * step


def _rate_words(rate: Rate) -> str:
    counts = f"{rate.numerator:,} of {rate.denominator:,}"
    if rate.n < COUNT_ONLY_BELOW or not rate.numerator or rate.interval is None:
        return f"{counts}: too few for a rate. Write your own"
    if rate.n < INTERVAL_BELOW:
        low, high = rate.interval
        return f"{counts}, few: {low:.0%} to {high:.0%}"
    return counts


def _lag_words(own: Own) -> str:
    if own.lag.median is None or own.lag.p90 is None or own.lag.n < COUNT_ONLY_BELOW:
        return f"{own.lag.n} won: too few for a median. Write your own"
    return f"Median of {own.lag.n:,} won; one in ten takes {own.lag.p90:.0f}"
