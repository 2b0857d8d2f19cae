"""Answering a question: the total, the groups, and what must stand beside a figure. One way for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Q

from dashboards import groups
from dashboards.catalogue import MONEY, Metric
from dashboards.engine.figures import Attainment, Figure, Rate, Unrated
from dashboards.groups import Group
from dashboards.kpis import deals
from dashboards.kpis.measure import Measure
from dashboards.questions import Question
from definitions.models import DefinitionVersion
from sla.models import ContractVersion


@dataclass(frozen=True, slots=True)
class Row:
    """One group, its figure, and the raw values that went into it."""

    group: Group
    figure: Any
    raws: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a metric says to one question."""

    metric: Metric
    question: Question
    total: Any
    rows: tuple[Row, ...]

    @property
    def measure(self) -> Measure:
        return self.metric.measures[self.question.basis]

    @property
    def unit(self) -> str:
        return self.question.currency if self.metric.unit == MONEY else self.metric.unit


def answer(metric: Metric, question: Question, shown: frozenset[int] | None = None) -> Answer:
    """`shown` are the people who may be named (`groups.people_shown`); totals never depend on it."""
    if metric.unit == MONEY:
        question = replace(question, currency=deals.currency_of(question))
    measure = metric.measures[question.basis]
    found = measure.figures(question)
    total = added(measure.recipe.nothing, found.values())
    if not question.by:
        return Answer(metric, question, total, ())
    rows = _rows(found, groups.named(question, found, shown), measure.recipe.nothing)
    if metric.slug == "rejections" and question.by == "reason":
        rows = _shares_of_all(rows, total)
    if question.by == "cause":
        rows = _counts_alone(rows)
    return Answer(metric, question, total, tuple(rows))


def added(nothing: Figure, figures: Iterable[Figure]) -> Any:
    """The figure of all groups together."""
    return reduce(add, figures, nothing)


def _rows(found: Mapping[Any, Figure], named: Mapping[Any, Group], nothing: Figure) -> list[Row]:
    """Raw values of one group together, sorted by its name; the rows without one come last."""
    raws: dict[Group, list[Any]] = {}
    for raw in found:
        raws.setdefault(named[raw], []).append(raw)
    rows = [
        Row(group, added(nothing, (found[raw] for raw in members)), tuple(members))
        for group, members in raws.items()
    ]
    return sorted(rows, key=lambda row: (row.group.name is None, row.group.name or "", row.group.key))


def _shares_of_all(rows: list[Row], total: Rate) -> list[Row]:
    """By reason, each share is of everything decided: the shares add up to the whole (domain section 7)."""
    rejected = [row for row in rows if row.figure.numerator]
    return [replace(row, figure=Rate(row.figure.numerator, total.denominator)) for row in rejected]


def _counts_alone(rows: list[Row]) -> list[Row]:
    """A cause stands on misses alone, so none is kept in time."""
    return [
        replace(row, figure=Unrated(*astuple(row.figure))) if isinstance(row.figure, Attainment) else row
        for row in rows
    ]


def as_json(found: Answer) -> dict[str, Any]:
    """What command and API print (surfaces section 5)."""
    question = found.question
    printed: dict[str, Any] = {
        "metric": found.metric.slug,
        "unit": found.unit,
        "basis": question.basis,
        "from": question.first.isoformat(),
        "to": question.until.isoformat(),
        "time_zone": question.zone.key,
        "definition_versions": versions_in_force(question, contract=found.metric.judged_by_contract),
        "fresh_at": question.at.isoformat(),
        "total": found.total.as_json(),
        "rows": [{"group": row.group.name, **row.figure.as_json()} for row in found.rows],
    }
    if question.horizon is not None:
        printed |= {"horizon": question.horizon_days, "immature": immature(found)}
    return printed


def immature(found: Answer) -> int:
    """How many rows of a cohort have not been followed for the whole horizon yet."""
    question = found.question
    if question.horizon is None:
        return 0
    young = Q(**{f"{found.measure.moments[question.basis]}__gt": question.at - question.horizon})
    return found.measure.population(replace(question, by="")).filter(young).count()


def versions_in_force(question: Question, *, contract: bool = False) -> list[str]:
    """The definition (and contract) versions that were in force on some of the days."""
    period = question.period
    overlap = Q(effective_from__lt=period.end) & (
        Q(effective_until__isnull=True) | Q(effective_until__gt=period.start)
    )
    definitions = DefinitionVersion.objects.filter(overlap, status__in=("active", "superseded"))
    names = [
        str(version) for version in definitions.select_related("definition").order_by("definition", "number")
    ]
    if contract:
        signed = ContractVersion.objects.filter(overlap, status=ContractVersion.Status.SIGNED)
        names += [str(version) for version in signed.order_by("number")]
    return names
