"""A company as both teams see it: its deals, each once; its people; what they said; what it was to us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Case, IntegerField, Max, Prefetch, QuerySet, Value, When

from accounts.engine.standing import Standing
from desk.queries.acts import may
from desk.queries.queue import Row, rows_of
from leads.models import Company, CompanyRelation, Deal, DealLead, Handoff, Insight

SHOWN = 200
PARTS = ("handoff__lead__company", "handoff__team", "handoff__holder", "handoff__trigger__campaign")


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal with the handoffs that brought it about. Its money is counted once."""

    deal: Deal
    parts: tuple[DealLead, ...]
    closing: Handoff | None  # the cycle on which this person may win or lose it

    @property
    def sourced(self) -> DealLead | None:
        return next((part for part in self.parts if part.part == DealLead.Part.SOURCED), None)

    @property
    def influenced(self) -> list[DealLead]:
        return [part for part in self.parts if part.part == DealLead.Part.INFLUENCED]

    @property
    def summed(self) -> Decimal | None:
        """What adding up handoffs would wrongly say."""
        return self.deal.amount * len(self.parts) if self.deal.amount and len(self.parts) > 1 else None


@dataclass(frozen=True, slots=True)
class Person:
    """One lead of the company, its part in the deals, and when it was last tried."""

    row: Row
    part: str
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompanyView:
    """Everything on the page of one company."""

    company: Company
    deals: Sequence[DealView]
    people: Sequence[Person]
    people_total: int
    insights: Sequence[Insight]
    relations: Sequence[CompanyRelation]
    domains: Sequence[str]


def company_view(company: Company, standing: Standing, *, at: datetime) -> CompanyView:
    """A constant number of queries."""
    deals = deal_views(company.deals.all(), standing)
    parts = {part.handoff.lead_id: part.get_part_display() for view in deals for part in view.parts}
    leads = company.leads.filter(merged_into=None).annotate(last_at=Max("attempts__recorded_at"))
    shown = list(
        leads.select_related("company", "campaign").order_by("first_name", "last_name", "pk")[:SHOWN]
    )
    people = [
        Person(row, str(parts.get(row.lead.pk, "")), vars(row.lead)["last_at"])
        for row in rows_of(shown, standing, at=at)
    ]
    insights = Insight.objects.filter(lead__company=company).select_related("lead", "by")
    return CompanyView(
        company=company,
        deals=deals,
        people=people,
        people_total=company.leads.filter(merged_into=None).count(),
        insights=list(insights[:12]),
        relations=list(company.relations.order_by("-from_at")),
        domains=list(company.domains.order_by("-is_primary", "domain").values_list("domain", flat=True)),
    )


def deal_views(deals: QuerySet[Deal], standing: Standing) -> list[DealView]:
    """Open deals first, then the newest: three queries."""
    open_first = Case(When(outcome="open", then=Value(0)), default=Value(1), output_field=IntegerField())
    parts = Prefetch("deal_leads", DealLead.objects.select_related(*PARTS).order_by("joined_at", "pk"))
    rows = deals.select_related("company", "owner", "lost_reason").prefetch_related(parts)
    return [_view(deal, standing) for deal in rows.order_by(open_first, "-opened_at", "-pk")[:SHOWN]]


def _view(deal: Deal, standing: Standing) -> DealView:
    parts = tuple(deal.deal_leads.all())
    open_deal = deal.outcome == Deal.Outcome.OPEN
    able = (part.handoff for part in parts if open_deal and may(standing, part.handoff, "win"))
    return DealView(deal, parts, next(able, None))
