"""What a dashboard page looks at: its period and filters, as the address says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from common.refusals import Invalid
from dashboards import catalogue, questions
from dashboards.catalogue import Metric
from dashboards.engine import periods
from dashboards.engine.periods import Days
from dashboards.questions import EARLIEST, LATEST, Asking, Filters, Question

DEFAULT = "month"
FILTERS = ("team", "source", "owner", "clock")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Scope:
    """One view of the dashboard."""

    days: Days
    filters: Filters
    frame: Asking

    def question(
        self, slug: str, *, by: str = "", basis: str = "", clock: str = ""
    ) -> tuple[Metric, Question]:
        """A metric and the question that this page asks of it."""
        metric = catalogue.metric(slug)
        filters = replace(self.filters, clock=clock)
        return metric, Question(
            self.days.first, self.days.until, self.frame.zone, self.frame.at, basis or metric.bases[0],
            by=by, filters=filters, currency=self.frame.currency,
        )  # fmt: skip

    def over(self, days: Days) -> Scope:
        return replace(self, days=days)

    @property
    def gone(self) -> float:
        """The share of the working days of the period that have passed, today among them."""
        if self.days.is_over(self.frame.today):
            return 1.0
        whole = periods.working_days(self.days.first, self.days.until)
        return self.working_days_gone / whole if whole else 0.0

    @property
    def working_days_gone(self) -> int:
        tomorrow = min(self.frame.today + timedelta(days=1), self.days.until)
        return periods.working_days(self.days.first, tomorrow)

    def as_query(self, **changes: str) -> str:
        """The address of this view with some things changed; empty ones are left out."""
        query = {"period": self.days.key} | self.filters.as_query() | changes
        return "?" + urlencode({name: value for name, value in query.items() if value})


def read(given: Mapping[str, str], frame: Asking) -> Scope:
    """The view that an address names. Raises Invalid."""
    return Scope(_days(given, frame.today), questions.read_filters(given), frame)


def read_kindly(given: Mapping[str, str], frame: Asking) -> tuple[Scope, list[str]]:
    """What an address names as far as it can be read, and a sentence for each part that cannot."""
    wrong: list[str] = []
    days = _or_else(lambda: _days(given, frame.today), wrong) or _days({}, frame.today)
    good = {
        name: given[name]
        for name in FILTERS
        if name in given and _or_else(partial(questions.read_filters, {name: given[name]}), wrong) is not None
    }
    return Scope(days, questions.read_filters(good), frame), wrong


def _or_else(read: Callable[[], Found], wrong: list[str]) -> Found | None:
    try:
        return read()
    except Invalid as refused:
        wrong.extend(refused.errors.values())
        return None


def _days(given: Mapping[str, str], today: date) -> Days:
    try:
        if given.get("period") == "custom":
            first, last = (date.fromisoformat(given.get(name, "")) for name in ("first", "last"))
            days = periods.meant(first, last + periods.DAY)
        else:
            days = periods.named(given.get("period") or DEFAULT, today)
        within = days.first >= EARLIEST and days.until <= LATEST
    except (ValueError, OverflowError):
        raise Invalid({"period": "Choose a week, a month, a quarter, or a first and a last day."}) from None
    if not within:
        raise Invalid({"period": "Choose days from 1900 to 2200."})
    return days
