"""Results of periods as they were frozen, and which periods of which promises are still to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from common.database.moments import midnight
from dashboards.engine import periods
from dashboards.engine.periods import Days
from dashboards.kpis.period import MEASURED, SUMS
from dashboards.models import PeriodResult, Restatement
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import signed_versions

PERIODS = {"month": periods.month_of, "quarter": periods.quarter_of}


@dataclass(frozen=True, slots=True)
class Due:
    """A period of a promise that is over."""

    commitment: Commitment
    days: Days
    promised: Decimal


def promised_by(commitment: Commitment) -> Decimal | None:
    """The amount of a sum, the goal of a rate; None where nothing to judge by was agreed."""
    return commitment.amount if commitment.kind in SUMS else commitment.goal


def closed_periods(now: datetime, zone: ZoneInfo) -> list[Due]:
    """Every period that is over, of every promise that was in force when it began.

    A period is judged by the wording it began under: an amendment counts from the next one on, as a running
    clock stays on its version.
    """
    return [
        Due(commitment, days, promised)
        for version in signed_versions()
        for commitment in version.commitments.all()
        if (promised := promised_by(commitment)) is not None and _is_judged(commitment)
        for days in _begun_under(version, PERIODS[commitment.period], zone, now)
    ]


def _is_judged(commitment: Commitment) -> bool:
    return commitment.kind in MEASURED and commitment.period in PERIODS


def _begun_under(
    version: ContractVersion, make: Callable[[date], Days], zone: ZoneInfo, now: datetime
) -> Iterator[Days]:
    since, ends = version.effective_from, version.effective_until
    if since is None:
        return
    days = make(since.astimezone(zone).date())
    while midnight(days.until, zone) <= now:
        begins = midnight(days.first, zone)
        if ends is not None and begins >= ends:
            return
        if begins >= since:
            yield days
        days = make(days.until)


def unjudged(dues: Iterable[Due]) -> list[Due]:
    """Those without a result, oldest first."""
    known = set(PeriodResult.objects.values_list("commitment_id", "period"))
    left = [due for due in dues if (due.commitment.pk, due.days.key) not in known]
    return sorted(left, key=lambda due: (due.days.until, due.commitment.pk))


def results() -> QuerySet[PeriodResult]:
    """Oldest first, each with its promise and its restatements."""
    newest = Prefetch("restatements", Restatement.objects.order_by("at", "pk"))
    return PeriodResult.objects.select_related("commitment__version").prefetch_related(newest)
