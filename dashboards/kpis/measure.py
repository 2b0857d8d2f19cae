"""A measure: which rows, at which of their moments, and the figure made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet, Sum

from common.database.moments import Period
from common.web.once import once_a_page
from dashboards.engine.figures import Count, Figure, Mean, Rate, Spread, Total
from dashboards.questions import Question
from dashboards.subjects import Subject
from leads.models import Handoff
from sla.models import Commitment
from sla.services.membership import NEEDED, members, takes_everybody

Raw = Any  # a group as the database knows it: an id, a text, a number, or None
Figures = dict[Raw, Figure]
Rows = Callable[[Question], QuerySet[Any]]
EVERY = Q()


@dataclass(frozen=True)
class Recipe:
    """How rows become figures, and the figure of no rows at all."""

    nothing: Figure
    make: Callable[[Measure, QuerySet[Any], Question], Figures]


@dataclass(frozen=True)
class Measure:
    """How one metric is counted. `moments` says by basis when a row belongs to the period.

    `chosen` are those that count of the rows of the period and filters, where not every one does.
    """

    subject: Subject
    moments: Mapping[str, str]
    rows: Rows
    recipe: Recipe
    counted: Callable[[Question], Q] = lambda question: EVERY
    chosen: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows

    def population(self, question: Question) -> QuerySet[Any]:
        """Every row that the figure rests on, each with its raw `in_group`."""
        moment, promise = self.moments[question.basis], question.filters.promise
        rows: QuerySet[Any] = self.rows(question).filter(within(moment, question.period))
        rows = self.subject.narrowed(rows, question.filters).order_by()
        if promise is not None and not takes_everybody(promise):
            rows = rows.filter(pk__in=of_segment(promise, moment, question.period))
        rows = self.chosen(rows)
        if not question.by:
            return rows
        group = self.subject.split(question.by, moment, question)
        split: QuerySet[Any] = rows.annotate(in_group=group)
        return split

    def figures(self, question: Question) -> Figures:
        """One figure for each group; without a split there is one group, None."""
        return self.recipe.make(self, self.population(question), question)


def within(moment: str, period: Period) -> Q:
    """Half-open: from the first instant to before the last."""
    return Q(**{f"{moment}__gte": period.start, f"{moment}__lt": period.end})


@once_a_page
def of_segment(promise: Commitment, moment: str, period: Period) -> frozenset[int]:
    """The cycles of its segment whose `moment` lies in the period.

    Each is judged in memory, which is why a question asks for a year at most.
    """
    cycles = Handoff.objects.filter(within(moment, period))
    return frozenset(members(promise, cycles.select_related(*NEEDED)))


def aggregated(rows: QuerySet[Any], question: Question, **sums: Any) -> Iterable[dict[str, Any]]:
    """One row a group with the sums asked for; the raw group stands under `in_group`."""
    if not question.by:
        return [{"in_group": None, **rows.aggregate(**sums)}]
    found: Iterable[dict[str, Any]] = rows.values("in_group").annotate(**sums)
    return found


def _rate(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
    found = aggregated(
        rows, question, hits=CountOf("pk", filter=measure.counted(question)), everyone=CountOf("pk")
    )
    return {row["in_group"]: Rate(row["hits"], row["everyone"]) for row in found}


def _count(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
    found = aggregated(rows, question, everyone=CountOf("pk"))
    return {row["in_group"]: Count(row["everyone"]) for row in found}


# The share of the rows that are counted; how many rows there are.
rate = Recipe(Rate(), _rate)
count = Recipe(Count(), _count)


def total(field: str) -> Recipe:
    """Money added up; rows without an amount are no part of it."""
    return _money(field, Total)


def mean(field: str) -> Recipe:
    return _money(field, Mean)


def _money(field: str, made: Callable[[Decimal, int], Figure]) -> Recipe:
    def make(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
        found = aggregated(rows, question, money=Sum(field), known=CountOf(field))
        return {row["in_group"]: made(row["money"] or Decimal(0), row["known"]) for row in found}

    return Recipe(made(Decimal(0), 0), make)


def spread(value: Callable[..., float | None], *fields: str, timed: bool = False) -> Recipe:
    """The distribution of `value(question, *fields)`; with `timed` a None is one without an answer yet."""

    def make(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
        names = (*fields, "in_group") if question.by else fields
        found: dict[Raw, list[float | None]] = {}
        for row in rows.values_list(*names):
            group = row[len(fields)] if question.by else None
            found.setdefault(group, []).append(value(question, *row[: len(fields)]))
        return {group: spread_of(values, timed=timed) for group, values in found.items()}

    return Recipe(spread_of((), timed=timed), make)


def spread_of(values: Iterable[float | None], *, timed: bool) -> Spread:
    """Some values as a distribution; with `timed` the missing ones are unanswered, else they are left out."""
    every = list(values)
    known = sorted(value for value in every if value is not None)
    return Spread(tuple(known), len(every) - len(known) if timed else None)


def seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()
