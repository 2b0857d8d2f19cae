"""Deals: what was won, for how much, and how long it took. Each deal counts once, whoever worked on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from dashboards.kpis.measure import Measure, mean, rate, spread, total, within
from dashboards.questions import COHORT, PERIOD, Question
from dashboards.subjects import DEALS
from leads.models import Deal, DealLead

MOMENTS = {PERIOD: "closed_at", COHORT: "opened_at"}
WON = Q(outcome=Deal.Outcome.WON)
SEEN_TO_QUALIFY = Q(sourcing__handoff__qualified_at__isnull=False, sourcing__handoff__qualify_implied=False)


def decided(question: Question) -> QuerySet[Deal]:
    """Won and lost deals: closed in the period, or opened in it and closed within the horizon."""
    sourced = FilteredRelation("deal_leads", condition=Q(deal_leads__part=DealLead.Part.SOURCED))
    rows = Deal.objects.alias(sourcing=sourced).exclude(outcome=Deal.Outcome.OPEN)
    if question.horizon is not None:
        rows = rows.filter(closed_at__lte=F("opened_at") + question.horizon)
    return rows


def won(question: Question) -> QuerySet[Deal]:
    return decided(question).filter(WON)


def won_for_money(question: Question) -> QuerySet[Deal]:
    """Won deals with an amount in the currency of the organisation: currencies are never added up."""
    return won(question).filter(amount__isnull=False, currency=question.currency)


def won_after_qualifying(question: Question) -> QuerySet[Deal]:
    """Won deals whose sourcing handoff was seen to qualify; an implied step has no time of its own."""
    return won(question).filter(SEEN_TO_QUALIFY)


def days_to_win(question: Question, qualified: datetime, closed: datetime) -> float:
    """Days between the two local dates."""
    return (closed.astimezone(question.zone).date() - qualified.astimezone(question.zone).date()).days


def amount_of(question: Question, amount: Any) -> float:
    return float(amount)


WIN_RATE = Measure(DEALS, MOMENTS, decided, rate, lambda question: WON)
REVENUE = Measure(DEALS, MOMENTS, won_for_money, total("amount"))
AVERAGE_DEAL = Measure(DEALS, MOMENTS, won_for_money, mean("amount"))
MEDIAN_DEAL = Measure(DEALS, MOMENTS, won_for_money, spread(amount_of, "amount"))
SALES_CYCLE = Measure(
    DEALS, MOMENTS, won_after_qualifying, spread(days_to_win, "sourcing__handoff__qualified_at", "closed_at")
)


def currency_of(question: Question) -> str:
    """The currency money is counted in: the organisation's, or the only other one that there is."""
    rows = DEALS.narrowed(won(question), question.filters).filter(
        within(MOMENTS[question.basis], question.period), amount__isnull=False
    )
    found = set(rows.order_by().values_list("currency", flat=True).distinct())
    return found.pop() if len(found) == 1 else question.currency
