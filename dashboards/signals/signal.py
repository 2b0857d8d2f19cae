"""What a signal is: a query with its sentences, and the handoffs behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from common.database.moments import Period
from dashboards.scope import Scope
from dashboards.subjects import HANDOFFS
from leads.models import Handoff

FEW = 10  # of fewer than so many a share says nothing, so none is shown


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence with its counts, about one team, month or rule. `key` names it in an address."""

    key: str
    about: str
    sentence: str
    count: int


@dataclass(frozen=True)
class Signal:
    """One pattern worth a question to the other side.

    `facts` answers what there is to say of a period in a fixed number of queries, nothing where too little
    happened; `rows` the handoffs behind one of them, none for a key that names nothing.
    """

    slug: str
    name: str
    side: str
    meaning: str
    facts: Callable[[Scope], list[Fact]]
    rows: Callable[[Scope, str], QuerySet[Any]]


def period_of(scope: Scope) -> Period:
    """The days of the page, on the calendar of the reporting zone."""
    return Period.of_days(scope.days.first, scope.days.until, scope.frame.zone)


def cycles(scope: Scope) -> QuerySet[Any]:
    """Handoffs of the team and source that the page looks at, with the team that took the lead as `of_team`.

    Of one person alone nothing is asked.
    """
    filters = replace(scope.filters, owner=None, clock="")
    rows: QuerySet[Any] = HANDOFFS.narrowed(Handoff.objects.all(), filters)
    placed: QuerySet[Any] = rows.annotate(of_team=HANDOFFS.own["team"])
    return placed


def share(row: Mapping[str, Any]) -> str:
    return f"{row['n']} of {row['of']}"


def number(key: str) -> int:
    """A number out of an address; nought, which names no row, for anything else."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
