"""Promises about a period: what it brought for one commitment, by what was known at a moment.

Rows are those of the commitment's segment as of the offer (`sla.services.membership`). In rates of answers a reopened
cycle stands in for the one it follows, once it is reopened; it is no offer of its own, so offers are the first cycles.
What happened after `at` is left out, so a period can be measured as of its close.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from dashboards.engine.figures import Rate
from dashboards.engine.results import Measured
from dashboards.kpis.asked import Asked, Kind
from dashboards.kpis.briefs import acknowledged, in_time
from dashboards.kpis.handoffs import followed
from dashboards.kpis.known import complete_by
from dashboards.kpis.measure import within
from dashboards.kpis.nurture import nurtured
from dashboards.kpis.promised import bases_counted
from dashboards.subjects import DEALS, HANDOFFS
from leads.models import Deal, DealLead, Handoff
from sla.services.membership import NEEDED, members, takes_everybody

Arrivals = list[tuple[datetime, float]]


def measure(asked: Asked) -> Measured:
    """What the period brought. Raises KeyError for a kind that is not measured (`MEASURED`)."""
    return MEASURED[Kind(asked.commitment.kind)](asked)


def arrivals(asked: Asked) -> Arrivals:
    """When each unit of a sum came: a lead with its first counted offer, a deal with its amount."""
    if asked.commitment.kind == Kind.PIPELINE:
        return [
            (at, float(amount or 0))
            for at, amount in _opened(asked).values_list("opened_at", "opening_amount")
        ]
    first: dict[int, datetime] = {}
    for lead, at in _counted(asked).order_by("offered_at").values_list("lead", "offered_at"):
        first.setdefault(lead, at)
    return [(at, 1.0) for at in first.values()]


def _volume(asked: Asked) -> Measured:
    """Distinct leads offered on a basis that the contract counts."""
    return Measured(Decimal(_counted(asked).values("lead").distinct().count()))


def _quality(asked: Asked) -> Measured:
    """Accepted of decided in the period; net of reasons against nobody and of contests reversed by then."""
    decided = Q(accepted_at__isnull=False) | Q(status=Handoff.Status.REJECTED)
    rows = _cycles(asked, "answered_at").filter(decided)
    reversed_by_then = Q(contest__decision="reversed", contest__decided_at__lte=asked.at)
    blameless = Q(accepted_at__isnull=True) & (Q(reason__counts_against="nobody") | reversed_by_then)
    found = rows.aggregate(
        accepted=Count("pk", filter=Q(accepted_at__isnull=False)),
        everyone=Count("pk"),
        blameless=Count("pk", filter=blameless),
    )
    gross = Rate(found["accepted"], found["everyone"])
    return Measured.of_rate(gross, Rate(gross.numerator, gross.denominator - found["blameless"]))


def _completeness(asked: Asked) -> Measured:
    """Offered with every agreed field filled at that moment."""
    rows = _segment(asked, Handoff.objects.filter(follows=None), "offered_at")
    complete = complete_by(asked.commitment.version.agreed_fields)
    found = rows.aggregate(hits=Count("pk", filter=complete), everyone=Count("pk"))
    return Measured.of_rate(Rate(found["hits"], found["everyone"]))


def _conversion(asked: Asked) -> Measured:
    """Of the offers of the period that sales accepted, those it qualified. Young: accepted and still open."""
    rows = _cycles(asked, "offered_at").filter(accepted_at__lte=asked.at)
    qualified = Q(qualified_at__lte=asked.at)
    ended = Q(closed_at__lte=asked.at)
    found = rows.aggregate(
        hits=Count("pk", filter=qualified),
        everyone=Count("pk"),
        settled=Count("pk", filter=qualified | ended),
    )
    return Measured.of_rate(
        Rate(found["hits"], found["everyone"]), young=found["everyone"] - found["settled"]
    )


def _pipeline(asked: Asked) -> Measured:
    """Amounts at their opening of the deals that a handoff sourced, in the organisation's currency."""
    total: Decimal | None = _opened(asked).aggregate(total=Sum("opening_amount"))["total"]
    return Measured(total or Decimal(0))


def _counted(asked: Asked) -> QuerySet[Handoff]:
    offers = _segment(asked, Handoff.objects.filter(follows=None), "offered_at")
    return offers.filter(basis__in=bases_counted(asked.commitment.version))


def _cycles(asked: Asked, moment: str) -> QuerySet[Handoff]:
    """Those that no reopened one stands in for by then."""
    return _segment(asked, Handoff.objects.exclude(pk__in=followed(asked.at)), moment)


def _segment(asked: Asked, rows: QuerySet[Handoff], moment: str) -> QuerySet[Handoff]:
    """Cycles of the segment whose `moment` lies in the period, and is known."""
    rows = HANDOFFS.narrowed(rows, asked.filters).filter(
        within(moment, asked.period), **{f"{moment}__lte": asked.at}
    )
    if takes_everybody(asked.commitment):
        return rows
    return Handoff.objects.filter(pk__in=members(asked.commitment, rows.select_related(*NEEDED)))


def _opened(asked: Asked) -> QuerySet[Deal]:
    sourced = FilteredRelation("deal_leads", condition=Q(deal_leads__part=DealLead.Part.SOURCED))
    rows: QuerySet[Any] = Deal.objects.annotate(sourcing=sourced).filter(
        within("opened_at", asked.period), opened_at__lte=asked.at, sourcing__isnull=False,
        opening_amount__isnull=False, currency=asked.currency,
    )  # fmt: skip
    rows = DEALS.narrowed(rows, asked.filters)
    if takes_everybody(asked.commitment):
        return rows
    sources = Handoff.objects.filter(pk__in=rows.values("sourcing__handoff")).select_related(*NEEDED)
    chosen = members(asked.commitment, sources)
    segment: QuerySet[Deal] = rows.annotate(source=F("sourcing__handoff")).filter(source__in=chosen)
    return segment


MEASURED: dict[Kind, Callable[[Asked], Measured]] = {
    Kind.VOLUME: _volume,
    Kind.QUALITY: _quality,
    Kind.COMPLETENESS: _completeness,
    Kind.CONVERSION: _conversion,
    Kind.PIPELINE: _pipeline,
    Kind.BRIEF: in_time,
    Kind.BRIEF_READ: acknowledged,
    Kind.NURTURE: nurtured,
}
SUMS = (Kind.VOLUME, Kind.PIPELINE)
