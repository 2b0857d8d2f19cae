"""A figure explained: its sum, its interval, the same thing counted otherwise, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from common.templatetags.words import NO_DATA
from dashboards import answers, catalogue, shown
from dashboards.answers import Answer, Row
from dashboards.drilldown import STATE_WORDS, Drill, figure_url, metric_url, rows_url
from dashboards.engine.figures import COUNT_ONLY_BELOW, Attainment, Rate, Spread, Unrated
from dashboards.engine.periods import DAY
from dashboards.questions import COHORT, DUE, PERIOD, Question
from dashboards.shown import Shown

BASES = {
    PERIOD: "Period: events in these days",
    COHORT: "Cohort: begun in these days, followed to now",
    DUE: "Due: clocks that fell due in these days",
}
UNITS = {
    "fraction": "Per cent", "days": "Days between local dates", "seconds": "Time", "count": "A count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The same thing counted otherwise."""

    name: str
    basis: str
    said: Shown
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a split figure."""

    name: str
    said: Shown
    n: int
    percent: float | None
    url: str


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything the page of a metric says about one answer."""

    said: Shown
    interval: str
    parts: list[tuple[str, str]]
    otherwise: list[Otherwise]
    groups: list[GroupRow]
    days: str
    basis: str
    unit: str
    versions: str
    cite: str
    has_bars: bool
    immature: int
    figure_url: str

    @property
    def has_sums(self) -> bool:
        """A count is its own sum: without any, the column says nothing."""
        return any(row.said.sum for row in self.groups)


def explain(found: Answer) -> Explained:
    said = shown.shown(found.metric, found.total, found.question.currency)
    rated = _rate(found.total)
    versions = ", ".join(answers.versions_in_force(found.question, contract=found.metric.judged_by_contract))
    return Explained(
        said=said,
        interval=f"n = {rated.n:,}, {shown.interval_words(rated)}"
        if rated and rated.n >= COUNT_ONLY_BELOW
        else "",
        parts=_parts(found),
        otherwise=list(_otherwise(found)),
        groups=[_group_row(found, row) for row in found.rows],
        days=days_words(found.question),
        basis=_basis_words(found.question),
        unit=UNITS.get(found.metric.unit, found.unit),
        versions=versions or "None in force",
        cite=_cite(found, said, versions),
        has_bars=rated is not None and not any(isinstance(row.figure, Unrated) for row in found.rows),
        immature=answers.immature(found),
        figure_url=figure_url(found.metric, found.question),
    )


def which(drill: Drill) -> str:
    """Which rows a list shows, in words."""
    counted = drill.metric.counted
    part = {
        "counted": counted, "rest": f"not {counted}", "every": "in every state", "open": "still open",
        "net": "net, excused left out",
    }  # fmt: skip
    words = STATE_WORDS.get(drill.choice.part) or part.get(drill.choice.part, "")
    group = drill.choice.group
    named = "" if group is None else f"{drill.question.by}: {_group_name(drill) or 'none'}"
    return ", ".join(filter(None, [words.capitalize(), named]))


def _group_name(drill: Drill) -> str:
    """The display name behind the key of an address."""
    found = answers.answer(drill.metric, drill.question, drill.shown)
    names = {row.group.key: row.group.name for row in found.rows}
    return names.get(drill.choice.group or "") or (drill.choice.group or "")


def days_words(question: Question) -> str:
    last = question.until - DAY if question.until > question.first else question.until
    return f"{question.first.day} {question.first:%b %Y} to {last.day} {last:%b %Y}"


def _basis_words(question: Question) -> str:
    if question.horizon_days is not None:
        return f"Cohort: begun in these days, followed {question.horizon_days} days"
    return BASES[question.basis]


def _basis_alone(question: Question) -> str:
    """What tells one basis from the other: "Events in these days"."""
    return _basis_words(question).partition(": ")[2].capitalize()


def _rate(figure: Any) -> Rate | None:
    if isinstance(figure, Unrated):
        return None
    if isinstance(figure, Attainment):
        return figure.net
    return figure if isinstance(figure, Rate) else None


def _parts(found: Answer) -> list[tuple[str, str]]:
    """The parts of a distribution; few values say nothing."""
    if not isinstance(found.total, Spread) or found.total.n < COUNT_ONLY_BELOW:
        return []
    return shown.spread_words(found.metric, found.total, found.question.currency)


def _otherwise(found: Answer) -> Iterator[Otherwise]:
    """Net and gross, the other bases, and for acceptance the share of everything offered."""
    metric, question = found.metric, found.question
    for basis in metric.bases:
        asked = question if basis == question.basis else replace(question, basis=basis, by="", horizon=None)
        answer = found if basis == question.basis else answers.answer(metric, asked)
        said = shown.shown(metric, answer.total, question.currency)
        name = "Net: excused left out" if isinstance(answer.total, Attainment) else _basis_alone(asked)
        yield Otherwise(name, basis, said, metric_url(metric, asked), current=basis == question.basis)
        if isinstance(answer.total, Attainment):
            gross = shown.rate(answer.total.gross)
            yield Otherwise("Gross: excused count as breached", basis, gross, metric_url(metric, asked))
    if metric.slug in ("acceptance-rate", "quality"):
        yield _beside(question, {"acceptance-rate": "quality", "quality": "acceptance-rate"}[metric.slug])


def _beside(question: Question, slug: str) -> Otherwise:
    other, asked = catalogue.metric(slug), replace(question, by="")
    total = answers.answer(other, asked).total
    return Otherwise(other.name, question.basis, shown.rate(total), metric_url(other, asked))


def _group_row(found: Answer, row: Row) -> GroupRow:
    said = shown.shown(found.metric, row.figure, found.question.currency)
    rated = _rate(row.figure)
    to_rows = rows_url if isinstance(row.figure, Unrated) else figure_url
    url = to_rows(found.metric, found.question, group=row.group.key)
    return GroupRow(row.group.name or "None", said, rated.n if rated else row.figure.n, said.percent, url)


def _cite(found: Answer, said: Shown, versions: str) -> str:
    """Figure, sum, basis, period, zone, versions, time read: enough to find it again."""
    question = found.question
    counts = f" ({said.sum})" if said.sum and said.text != NO_DATA else ""
    read = f"{question.at.astimezone(question.zone):%d %b %Y %H:%M}"
    where = f"{question.basis} {days_words(question)}, {question.zone.key}"
    return f"{found.metric.name}: {said.text}{counts}, {where}, {versions or 'no version in force'}, read {read}."
