"""Results of promises in words: the figure, what was promised, and what became of it."""

from __future__ import annotations

from common.templatetags.words import NO_DATA, agreed_pct, money, pct
from dashboards.engine import verdicts
from dashboards.engine.figures import COUNT_ONLY_BELOW, Rate
from dashboards.engine.results import Measured
from dashboards.kpis.asked import Kind
from dashboards.models import PeriodResult

VERDICTS = {
    verdicts.KEPT: "Kept",
    verdicts.MISSED: "Missed",
    verdicts.FEW: "Too few for a rate",
    verdicts.NONE: "Nothing to measure",
}


def figure_words(found: Measured, currency: str) -> str:
    """Money at a glance, leads to the unit, a rate net; under ten of a rate only the counts."""
    if found.is_rate:
        return rate_words(found.net)
    return sum_words(float(found.numerator), currency)


def rate_words(rate: Rate) -> str:
    if rate.value is None:
        return NO_DATA
    return f"{rate.numerator} of {rate.denominator}" if rate.n < COUNT_ONLY_BELOW else pct(rate.value)


def sum_words(value: float, currency: str) -> str:
    """Money where there is a currency."""
    return money(value, currency) if currency else f"{value:,.0f}"


def promised_words(row: PeriodResult) -> str:
    if row.measured.is_rate:
        return agreed_pct(row.promised)
    return sum_words(float(row.promised), row.currency)


def currency_of(kind: str, currency: str) -> str:
    """Only pipeline is money."""
    return currency if kind == Kind.PIPELINE else ""
