"""Leads in the order of a list, by keys that are never empty, so that pages can follow them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from desk.queries.filters import Filters
from desk.queries.views import leads_in
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
    return keys_of(leads)[:CAP].count()


def counts_of(lists: Sequence[QuerySet[Lead]]) -> list[int]:
    """How many leads each list holds, each capped: one statement, however many lists."""
    return asked_at_once(*counting(keys_of(leads)[:CAP] for leads in lists)) if lists else []


def keys_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """All that counting needs of them."""
    return rows.order_by().values("pk")


def counting(lists: Iterable[QuerySet[Any]]) -> tuple[str, tuple[Any, ...]]:
    """The statement that counts each list, and its values; a list that is cut is counted no further."""
    parts, values = list[str](), list[Any]()
    for found in lists:
        try:
            inner, given = found.query.sql_with_params()
        except EmptyResultSet:  # a condition that no row can meet
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({inner}) AS held)")  # noqa: S608 - words of our own querysets
        values.extend(given)
    return f"SELECT {', '.join(parts)}", tuple(values)


def asked_at_once(statement: str, values: Sequence[Any]) -> list[int]:
    """The answer to what `counting` made, a number for each list."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchone())


def wanted_clock() -> Q:
    """Clocks that somebody still owes something on."""
    return Q(satisfied_at=None, ended_at=None, status__in=("running", "paused", "breached"))
