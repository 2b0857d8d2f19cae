"""Judging periods that are over. Once for each promise and period, whoever tries, however late."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from accounts.queries import organisation
from common import outbox
from common.database.moments import Period, database_now
from dashboards.engine.results import Measured, judged
from dashboards.kpis.asked import Asked
from dashboards.kpis.period import measure
from dashboards.models import PeriodResult
from dashboards.promised import VERDICTS, currency_of, figure_words, promised_words
from dashboards.queries import Due, closed_periods, unjudged
from dashboards.services.apart import apart

JUDGED = "promise.judged"


def close_periods(*, as_of_close: bool = False, at: datetime | None = None) -> int:
    """Freeze every period that is over and has no result; answers how many. Each is a transaction of its own.

    One that cannot be judged is logged and stops no other.

    A period missed by an outage is judged later by what is known then; `as_of_close` (a whole past written at
    once, as of `at`) judges each by what was known when it ended.
    """
    known, now = organisation(), at or database_now()
    zone = ZoneInfo(known.time_zone)
    waiting = unjudged(closed_periods(now, zone))
    return sum(
        apart(partial(_close, due, zone, known.currency, as_of_close=as_of_close), _named(due))
        for due in waiting
    )


def _named(due: Due) -> str:
    return f"Promise {due.commitment.pk} in {due.days.key}"


def _close(due: Due, zone: ZoneInfo, currency: str, *, as_of_close: bool) -> bool:
    """The unique constraint decides between two workers: the second waits for the first, then does nothing."""
    period = Period.of_days(due.days.first, due.days.until, zone)
    at = period.end if as_of_close else database_now()
    found = measure(Asked(due.commitment, period, at, zone, currency))
    row, is_new = PeriodResult.objects.get_or_create(
        commitment=due.commitment,
        period=due.days.key,
        defaults=_figures(found, judged(found, due.promised))
        | {
            "first": due.days.first, "until": due.days.until, "time_zone": zone.key,
            "currency": currency_of(due.commitment.kind, currency),
            "promised": due.promised, "judged_at": at,
        },
    )  # fmt: skip
    if is_new:
        outbox.leave(JUDGED, row.pk, at=at, payload=_told(row, due))
    return is_new


def _figures(found: Measured, verdict: str) -> dict[str, object]:
    return {
        "numerator": found.numerator, "denominator": found.denominator, "net_numerator": found.net_numerator,
        "net_denominator": found.net_denominator, "young": found.young, "verdict": verdict,
    }  # fmt: skip


def _told(row: PeriodResult, due: Due) -> dict[str, str]:
    """All that a notice says: whoever delivers it knows nothing of results."""
    return {
        "name": due.commitment.name, "kind": due.commitment.kind, "period": due.days.name,
        "verdict": VERDICTS[row.verdict].lower(), "figure": figure_words(row.measured, row.currency),
        "promised": promised_words(row),
    }  # fmt: skip
