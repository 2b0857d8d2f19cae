"""Leads in the order of a list, by keys that are never empty, so that pages can follow them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from desk.queries.filters import Filters
from desk.queries.views import VIEWS, leads_in
from leads.models import Lead
from sla.models import Clock

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
KEYS = {
    "clock": ("pressing_at", "pk"),
    "created": ("created_at", "pk"),
    "name": ("first_name", "last_name", "pk"),
    "company": ("company_name", "first_name", "last_name", "pk"),
}
CAP = 1_000


def leads_for_filters(leads: QuerySet[Lead], filters: Filters, at: datetime) -> QuerySet[Lead]:
    """The leads that were asked for, in no order yet."""
    return leads_in(filters.view, at, leads).filter(filters.condition(at))


def in_order(leads: QuerySet[Lead], sort: str) -> tuple[QuerySet[Lead], tuple[str, ...]]:
    """The leads with the keys of this sort on them, and the keys."""
    name = sort.lstrip("-")
    if name == "clock":
        owed = Clock.objects.filter(lead=OuterRef("pk"), satisfied_at=None, ended_at=None)
        owed = owed.filter(status__in=("running", "breached")).exclude(kind=Clock.Kind.BUYER_WAIT)
        due = owed.order_by().values("lead").annotate(soonest=Min("due_at")).values("soonest")
        leads = leads.annotate(pressing_at=Coalesce(Subquery(due), Value(NEVER)))
    if name == "company":
        leads = leads.annotate(company_name=Coalesce("company__name", Value("")))
    keys = KEYS[name]
    return leads, tuple(f"-{key}" for key in keys) if sort.startswith("-") else keys


def capped_count(leads: QuerySet[Lead]) -> int:
    """How many, up to 1,000: more need not be told apart, and must not be counted on every page."""
    return leads.order_by().values("pk")[:CAP].count()


def view_counts(leads: QuerySet[Lead], at: datetime) -> dict[str, int]:
    """How many leads each saved view holds, each capped; the list of everything is not counted."""
    return {view: capped_count(leads_in(view, at, leads)) for view in VIEWS if view != "all"}


def wanted_clock() -> Q:
    """Clocks that somebody still owes something on."""
    return Q(satisfied_at=None, ended_at=None, status__in=("running", "paused", "breached"))
