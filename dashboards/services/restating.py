"""Measuring closed periods again by what is known later. A difference is a row beside the frozen result."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from common.database.moments import Period, database_now
from dashboards.engine.recycled import IN_TIME, WOKEN_LATE
from dashboards.engine.results import Measured, judged
from dashboards.kpis.asked import Asked, Kind
from dashboards.kpis.measure import within
from dashboards.kpis.nurture import judged as judged_leads
from dashboards.kpis.period import measure
from dashboards.models import PeriodResult, Restatement
from dashboards.services.apart import apart
from leads.models import Handoff, LeadEvent
from sla.models import Contest

KEPT_FRESH = timedelta(days=13 * 31)  # about 13 months
COUNTED = (LeadEvent.Kind.OFFERED, LeadEvent.Kind.ACCEPTED, LeadEvent.Kind.REJECTED, LeadEvent.Kind.QUALIFIED)


def restate(at: datetime | None = None) -> int:
    """Compare the results of about the last 13 months with what is known now; answers how many changed.

    Each in a transaction of its own; one that fails is logged, stops no other, and is done again
    the next night. Who acknowledged briefs is not compared: it is of those who sold at the close, and nobody knows
    later who did.
    """
    now = at or database_now()
    known = PeriodResult.objects.exclude(commitment__kind=Kind.BRIEF_READ)
    fresh = known.filter(until__gte=now.date() - KEPT_FRESH).values_list("pk", flat=True)
    return sum(apart(partial(_restate, pk, at), f"Result {pk}") for pk in list(fresh))


def _restate(pk: int, known_at: datetime | None) -> bool:
    """The row lock lets two nights at once write one row; only a new difference is written."""
    row = (
        PeriodResult.objects.select_for_update(of=("self",)).select_related("commitment__version").get(pk=pk)
    )
    last = row.restatements.order_by("-at", "-pk").first()
    at = known_at or database_now()
    known: PeriodResult | Restatement = last or row
    found = measure(Asked(row.commitment, period_of(row), at, ZoneInfo(row.time_zone), row.currency or "USD"))
    if _says(found) == _says(known.measured):
        return False
    Restatement.objects.create(
        result=row, at=at, why=_why(row, last.at if last else row.judged_at, found, known.measured),
        verdict=judged(found, row.promised), numerator=found.numerator, denominator=found.denominator,
        net_numerator=found.net_numerator, net_denominator=found.net_denominator, young=found.young,
    )  # fmt: skip
    return True


def period_of(row: PeriodResult) -> Period:
    """Its days in the zone it was judged by, should the organisation have moved since."""
    return Period.of_days(row.first, row.until, ZoneInfo(row.time_zone))


def _says(found: Measured) -> tuple[object, ...]:
    """Rows that may still change it are no difference yet."""
    return found.numerator, found.denominator, found.net_numerator, found.net_denominator


def _why(row: PeriodResult, since: datetime, found: Measured, before: Measured) -> str:
    """What is known to have happened since; empty where nothing says why."""
    if row.commitment.kind == Kind.BRIEF:
        return "campaigns that started in it were entered or changed later"
    if row.commitment.kind == Kind.NURTURE:
        return _looked_after(row, since)
    causes = [_reversed(row, since), _recorded_later(row, since)]
    if row.commitment.kind == Kind.CONVERSION and found.young < before.young:
        causes.append(f"{before.young - found.young} of its leads were decided later")
    return "; ".join(filter(None, causes))


def _reversed(row: PeriodResult, since: datetime) -> str:
    if row.commitment.kind != Kind.QUALITY:
        return ""
    n = Contest.objects.filter(
        within("handoff__answered_at", period_of(row)),
        decision=Contest.Decision.REVERSED,
        decided_at__gt=since,
    ).count()
    return f"{n} contest{'s' if n > 1 else ''} reversed" if n else ""


def _looked_after(row: PeriodResult, since: datetime) -> str:
    """What became of its recycled leads otherwise than was known at that moment."""
    zone = ZoneInfo(row.time_zone)
    then, now = (
        {one.event: state for one, state in judged_leads(Asked(row.commitment, period_of(row), at, zone))}
        for at in (since, database_now())
    )
    turned = Counter(state for event, state in now.items() if then.get(event) != state)
    said = {IN_TIME: "touched, as was recorded later", WOKEN_LATE: "woken late"}
    return "; ".join(f"{turned[state]} {words}" for state, words in said.items() if turned[state])


def _recorded_later(row: PeriodResult, since: datetime) -> str:
    """Offers of the period of which something was brought in after the close."""
    period = period_of(row)
    late = LeadEvent.objects.filter(
        within("at", period), handoff=OuterRef("pk"), kind__in=COUNTED, recorded_at__gt=since
    )
    rows = Handoff.objects.filter(Q(within("offered_at", period)) | Q(within("answered_at", period)))
    n = rows.filter(Exists(late)).count()
    return f"{n} lead{'s' if n > 1 else ''} brought in or answered late" if n else ""
