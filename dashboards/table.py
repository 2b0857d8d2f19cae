"""The table of the dashboard: answer clocks due in the period, by cause, team, person, source or hour of the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any

from common.templatetags.words import NO_DATA
from common.templatetags.words import span as time_span
from dashboards import groups, shown
from dashboards.drilldown import EVERY, OPEN, STATE_WORDS, figure_url, metric_url, rows_url
from dashboards.engine.figures import COUNT_ONLY_BELOW, Attainment, Spread, States
from dashboards.groups import Group
from dashboards.kpis import clocks
from dashboards.panels import NOBODY, Part
from dashboards.questions import Question
from dashboards.scope import Scope
from dashboards.shown import Shown
from sla.models.breach import Cause

TONES = {"met": "ok"}
SPLITS = {"cause": "Cause", "team": "Team", "owner": "Person", "source": "Source", "hour": "Hour"}


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One line of the table: a group of answer clocks in all its states."""

    group: Group
    name: str
    cause: str
    states: States
    rate: Shown
    median: str
    urls: dict[str, str]


@dataclass(frozen=True, slots=True)
class SplitTable:
    """Answer clocks due in the period by one split, and their total."""

    by: str
    rows: list[SplitRow]
    total: SplitRow
    parts: list[Part]
    url: str

    @property
    def attainment(self) -> Attainment:
        return self.total.states.attainment


def split_table(scope: Scope, by: str, people: frozenset[int] | None) -> SplitTable:
    """Five queries, however many groups there are."""
    question = scope.question("attainment", by=by, clock="answer")[1]
    states, times = clocks.STATES.figures(question), clocks.ANSWER_TIME.figures(question)
    causes = clocks.causes(question)
    named = groups.named(question, states, people)
    rows = []
    for group in sorted(set(named.values()), key=lambda one: (one.name is None, one.name or "", one.key)):
        raws = [raw for raw in states if named[raw] == group]
        row = _split_row(scope, question, group, _sum(states, raws), _sum(times, raws), _sum(causes, raws))
        rows.append(row)
    total = _split_row(
        scope, replace(question, by=""), None, _sum(states, states), _sum(times, times), Counter()
    )
    url = metric_url(*scope.question("attainment", by=by, clock="answer"))
    return SplitTable(by, rows, total, _state_parts(scope, total.states), url)


def _sum(found: dict[Any, Any], raws: Iterable[Any]) -> Any:
    """The figures of these raw values together; None where there are none."""
    parts = [found[raw] for raw in raws if raw in found]
    return reduce(add, parts) if parts else None


def _split_row(
    scope: Scope, question: Question, group: Group | None, states: States | None, times: Spread | None,
    causes: Counter[str] | None,
) -> SplitRow:  # fmt: skip
    found, metric = states or States(), scope.question("attainment")[0]
    key = group.key if group else None
    urls = {name: rows_url(metric, question, name, key) for name in ("met", "bad", "exc", OPEN)}
    urls["all"] = rows_url(metric, question, EVERY, key)
    urls["rate"] = figure_url(metric, question, key)
    return SplitRow(
        group=group or groups.EMPTY,
        name=(group.name or NOBODY[question.by]) if group else "Both teams, net",
        cause=_most_frequent(causes, found) if group else "",
        states=found,
        rate=shown.rate(found.attainment.net),
        median=_median(times),
        urls=urls,
    )


def _most_frequent(causes: Counter[str] | None, states: States) -> str:
    """The cause that most misses had; too few misses say nothing."""
    if states.bad == 0:
        return ""
    if not causes:
        return "Not known"
    cause, times = causes.most_common(1)[0]
    return f"{Cause(cause).label}, {times}" if states.bad > 2 else "Too few"


def _median(times: Spread | None) -> str:
    if times is None or times.n == 0:
        return NO_DATA
    if times.n < COUNT_ONLY_BELOW:
        return "Too few"
    return "Most unanswered" if times.median is None else time_span(times.median)


def _state_parts(scope: Scope, states: States) -> list[Part]:
    metric, question = scope.question("attainment", clock="answer")
    return [
        Part(words, getattr(states, state), TONES.get(state, state), rows_url(metric, question, state))
        for state, words in STATE_WORDS.items()
    ]
