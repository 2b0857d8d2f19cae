"""Figures in words for people: the counts beside every rate, and no rate where there is too little to rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from common.templatetags.words import NO_DATA, money, money_full, pct
from common.templatetags.words import span as time_span
from dashboards.catalogue import DAYS, MONEY, SECONDS, Metric
from dashboards.engine.figures import (
    COUNT_ONLY_BELOW,
    INTERVAL_BELOW,
    Attainment,
    Count,
    Mean,
    Rate,
    Spread,
    Total,
    Unrated,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure on a page: the big words, the sum behind them, and per cent for a bar or an interval."""

    text: str
    sum: str = ""
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    few: bool = False


def shown(metric: Metric, figure: Any, currency: str) -> Shown:
    """What a page says: under 10 the count, under 20 a rate's interval, nothing measured "no data"."""
    if isinstance(figure, Unrated):
        return _counted(figure)
    if isinstance(figure, Attainment):
        return rate(figure.net)
    if isinstance(figure, Rate):
        return rate(figure)
    if isinstance(figure, Count):
        return Shown(f"{figure.n:,}")
    if figure.n == 0:
        return Shown(NO_DATA)
    if isinstance(figure, Total):
        deals = "1 deal" if figure.n == 1 else f"{figure.n:,} deals"
        return Shown(money(figure.value, currency), f"{deals}, {money_full(figure.value, currency)}")
    return _measured(metric, figure, currency)


def rate(figure: Rate) -> Shown:
    counts = f"{figure.numerator:,} of {figure.denominator:,}"
    if figure.value is None or figure.interval is None:
        return Shown(NO_DATA)
    if figure.n < COUNT_ONLY_BELOW:
        return Shown(counts, "Under 10: the count only", few=True)
    low, high = (edge * 100 for edge in figure.interval)
    if figure.n < INTERVAL_BELOW:
        return Shown(f"{low:.0f} to {high:.0f}%", f"{counts}, under 20: an interval", None, low, high)
    return Shown(pct(figure.value), counts, figure.value * 100)


def _counted(figure: Unrated) -> Shown:
    """How many clocks, and what became of them."""
    excused = f", {figure.excused:,} of them excused" if figure.excused else ""
    return Shown(f"{figure.n:,}", f"{figure.met:,} met, {figure.breached:,} late{excused}")


def _measured(metric: Metric, figure: Mean | Spread, currency: str) -> Shown:
    """A middle with how many it rests on."""
    counts = _counts(figure)
    if figure.n < COUNT_ONLY_BELOW:
        return Shown(f"{figure.n} measured", "Under 10: the count only", few=True)
    if figure.value is None:
        return Shown("Most unanswered", counts)
    return Shown(amount(metric, figure.value, currency), counts)


def _counts(figure: Mean | Spread) -> str:
    if isinstance(figure, Spread) and figure.unanswered is not None:
        return f"{figure.answered:,} of {figure.n:,} answered"
    return f"n = {figure.n:,}"


def amount(metric: Metric, value: float | None, currency: str) -> str:
    """A value in the unit of its metric."""
    if value is None:
        return NO_DATA
    if metric.unit == MONEY:
        return money(value, currency)
    if metric.unit == DAYS:
        return f"{value:.1f} d".replace(".0 d", " d")
    if metric.unit == SECONDS:
        return time_span(value)
    return f"{value:,.10g}"


def interval_words(figure: Rate) -> str:
    if figure.interval is None:
        return ""
    low, high = figure.interval
    return f"95% interval {low * 100:.1f} to {high * 100:.1f}%"


def spread_words(metric: Metric, figure: Spread, currency: str) -> list[tuple[str, str]]:
    """The parts of a distribution; a quantile that touches an unanswered one says so."""
    unknown = "longer than any answer" if figure.unanswered else NO_DATA
    parts = (("Median", figure.median), ("p90", figure.p90))
    named = [(name, unknown if value is None else amount(metric, value, currency)) for name, value in parts]
    rest = (("Mean of the answered" if figure.unanswered is not None else "Mean", figure.mean),
            ("Least", figure.least), ("Most", figure.most))  # fmt: skip
    return named + [(name, amount(metric, value, currency)) for name, value in rest]
