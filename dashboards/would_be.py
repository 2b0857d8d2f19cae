"""What the periods of the last quarter would have come to under another version of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal

from django.core.cache import cache

from common.database.moments import Period
from common.templatetags.words import agreed_pct
from dashboards.engine import periods
from dashboards.engine.periods import Days
from dashboards.engine.results import judged
from dashboards.kpis.asked import Asked
from dashboards.kpis.period import MEASURED, SUMS, measure
from dashboards.models import PeriodResult
from dashboards.promised import VERDICTS, currency_of, figure_words, promised_words, sum_words
from dashboards.queries import PERIODS, promised_by
from dashboards.questions import Asking
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import fingerprint
from sla.queries.terms import promises_of

OF_QUARTER = {"month": 3, "quarter": 1}  # periods
KEPT = timedelta(minutes=1)
Then = dict[tuple[str, str, str], PeriodResult]


@dataclass(frozen=True, slots=True)
class WouldBe:
    """One period of one promise: what it came to, what was promised of it then, and what would have been.

    `then` and `then_verdict` are empty where no promise of this name was judged by that period.
    """

    side: str
    name: str
    period: str
    figure: str
    then: str
    then_verdict: str
    promised: str
    verdict: str


def last_quarter_kept(version: ContractVersion, frame: Asking) -> list[WouldBe]:
    """The same, of this moment or of one less than a minute ago: of many leads it takes a second to work out."""
    key = f"would-be:{fingerprint(version)}:{frame.today}:{frame.zone.key}:{frame.currency}"
    kept = cache.get(key)
    if kept is not None:
        return [WouldBe(**row) for row in kept]
    found = last_quarter(version, frame)
    cache.set(key, [asdict(row) for row in found], KEPT.total_seconds())
    return found


def last_quarter(version: ContractVersion, frame: Asking) -> list[WouldBe]:
    """In the order of the ledger, newest period first. Each figure is what is known of it now."""
    known = _judged_then(frame)
    return [
        _row(commitment, promised, days, known, frame)
        for commitment in promises_of(version)
        if (promised := promised_by(commitment)) is not None and commitment.kind in MEASURED
        for days in _closed(commitment, frame)
    ]


def _judged_then(frame: Asking) -> Then:
    """Results since the last quarter began, before which none of its months did.

    Of two promises of one kind and name the later one stands.
    """
    since = periods.before(periods.quarter_of(frame.today)).first
    rows = PeriodResult.objects.select_related("commitment").filter(first__gte=since).order_by("first", "pk")
    return {(row.commitment.kind, row.commitment.name, row.period): row for row in rows}


def _closed(commitment: Commitment, frame: Asking) -> Iterator[Days]:
    if commitment.period not in PERIODS:
        return
    days = PERIODS[commitment.period](frame.today)
    for _ in range(OF_QUARTER[commitment.period]):
        days = periods.before(days)
        yield days


def _row(commitment: Commitment, promised: Decimal, days: Days, known: Then, frame: Asking) -> WouldBe:
    period = Period.of_days(days.first, days.until, frame.zone)
    found = measure(Asked(commitment, period, frame.at, frame.zone, frame.currency))
    currency = currency_of(commitment.kind, frame.currency)
    then = known.get((commitment.kind, commitment.name, days.key))
    return WouldBe(
        side=commitment.get_side_display(), name=commitment.name, period=days.name,
        figure=figure_words(found, currency),
        then=promised_words(then) if then else "", then_verdict=VERDICTS[then.verdict] if then else "",
        promised=sum_words(float(promised), currency) if commitment.kind in SUMS else agreed_pct(promised),
        verdict=VERDICTS[judged(found, promised)],
    )  # fmt: skip
