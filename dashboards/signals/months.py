"""The signal about the end of a month: many offers in its last days, of which sales accepts fewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from common.database.moments import Period
from dashboards.engine import periods
from dashboards.engine.periods import DAY, MONTHS, Days
from dashboards.scope import Scope
from dashboards.signals.signal import Fact, Signal, cycles
from leads.models import Handoff

LAST_DAYS = 3
LEAST = 20  # offers in the last days, of which at least ten were decided
MANY = 1.5  # times the share that these days have of the month's working days
LESS = 0.1
ACCEPTED = Q(accepted_at__isnull=False)
DECIDED = ACCEPTED | Q(status=Handoff.Status.REJECTED)


@dataclass(slots=True)
class Tally:
    """Offers of some days, and what sales decided of them."""

    offers: int = 0
    decided: int = 0
    accepted: int = 0

    def add(self, row: Mapping[str, int]) -> None:
        self.offers += row["n"]
        self.decided += row["decided"]
        self.accepted += row["accepted"]

    @property
    def rate(self) -> float:
        return self.accepted / self.decided if self.decided else 0.0


def months_of(scope: Scope) -> Iterator[Days]:
    """The months that end within the days of the page and are over."""
    day = scope.days.first
    while day < scope.days.until:
        month = periods.month_of(day)
        if month.until <= scope.days.until and month.is_over(scope.frame.today):
            yield month
        day = month.until


def last_days(month: Days) -> date:
    """The first of its last three working days (Mondays to Fridays)."""
    day = month.until
    left = LAST_DAYS
    while left:
        day -= DAY
        left -= day.weekday() < 5
    return day


def offered(scope: Scope, first: date, until: date) -> QuerySet[Any]:
    period = Period.of_days(first, until, scope.frame.zone)
    return cycles(scope).filter(
        offered_at__gte=period.start, offered_at__lt=period.end, offer_implied=False, follows=None
    )


def facts(scope: Scope) -> list[Fact]:
    """One query for all months."""
    months = list(months_of(scope))
    if not months:
        return []
    rows = offered(scope, months[0].first, months[-1].until).order_by()
    by_day = rows.annotate(on=TruncDate("offered_at", tzinfo=scope.frame.zone)).values("on")
    counted = list(
        by_day.annotate(
            n=Count("pk"), decided=Count("pk", filter=DECIDED), accepted=Count("pk", filter=ACCEPTED)
        )
    )
    by_date: dict[date, Mapping[str, Any]] = {row["on"]: row for row in counted}
    said = (_said(month, by_date) for month in reversed(months))
    return [fact for fact in said if fact]


def _said(month: Days, days: Mapping[date, Mapping[str, Any]]) -> Fact | None:
    end, rest, since = Tally(), Tally(), last_days(month)
    for on, row in days.items():
        if month.first <= on < month.until:
            (end if on >= since else rest).add(row)
    usual = LAST_DAYS / periods.working_days(month.first, month.until)
    offers = end.offers + rest.offers
    many = end.offers >= LEAST and end.offers / offers >= MANY * usual
    if not many or min(end.decided, rest.decided) < LEAST / 2 or end.rate > rest.rate - LESS:
        return None
    name = MONTHS[month.first.month - 1]
    words = (
        f"The last 3 working days of {name} brought {end.offers} of its {offers} offers "
        f"({end.offers / offers:.0%}). Sales accepted {end.rate:.0%} of those it decided, "
        f"and {rest.rate:.0%} of the others."
    )
    return Fact(month.key, name, words, end.offers)


def rows(scope: Scope, key: str) -> QuerySet[Any]:
    """What was offered on the last days of that month."""
    month = next((month for month in months_of(scope) if month.key == key), None)
    return offered(scope, last_days(month), month.until) if month else Handoff.objects.none()


MONTH_END = Signal(
    "month-end", "Many offers at the end of a month", "marketing",
    "The last three working days of a month bring at least half as many offers again as their share of the month, "
    "and sales accepts at least ten points fewer of them.",
    facts, rows,
)  # fmt: skip
