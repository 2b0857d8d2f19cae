"""From a figure to the rows behind it: the address, and the rows themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from common.refusals import Invalid
from common.web.pages import Page, keyset_page
from dashboards import groups
from dashboards.catalogue import Metric
from dashboards.kpis import clocks
from dashboards.kpis.measure import Measure
from dashboards.questions import Question

COUNTED, REST, EVERY, OPEN, NET = "counted", "rest", "every", "open", "net"
STATES = ("met", "bad", "exc", "track", "risk", "hold")
STATE_WORDS = {
    "met": "Met", "bad": "Breached", "exc": "Excused", "track": "On track", "risk": "At risk", "hold": "Paused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the rows: of one group (None: of all), and of one part of the sum (empty: of all)."""

    part: str = ""
    group: str | None = None

    def as_query(self) -> dict[str, str]:
        part = {"part": self.part} if self.part else {}
        return part if self.group is None else part | {"group": self.group}


def rows_url(metric: Metric, question: Question, part: str = "", group: str | None = None) -> str:
    """Where the rows of a figure are listed; the question travels along."""
    query = question.as_query() | Choice(part, group).as_query()
    return f"{reverse('dashboards:rows', args=[metric.slug])}?{urlencode(query)}"


def figure_url(metric: Metric, question: Question, group: str | None = None) -> str:
    """The rows that a shown figure rests on: of attainment, which is shown net, the excused are none."""
    return rows_url(metric, question, NET if metric.slug == "attainment" else "", group)


def metric_url(metric: Metric, question: Question) -> str:
    return f"{reverse('dashboards:metric', args=[metric.slug])}?{urlencode(question.as_query())}"


@dataclass(frozen=True, slots=True)
class Drill:
    """Which figure is opened: the metric, the question, the choice, and the people who may be named."""

    metric: Metric
    question: Question
    choice: Choice
    shown: frozenset[int] | None = None

    @property
    def measure(self) -> Measure:
        """Attainment rests on judged clocks; a state, or all of them, on every clock that counts."""
        if self.choice.part in (*STATES, EVERY, OPEN) and self.metric.slug == "attainment":
            return clocks.STATES
        return self.metric.measures[self.question.basis]

    @property
    def moment(self) -> str:
        return "started_at" if self.measure is clocks.STATES else self.measure.moments[self.question.basis]

    def rows(self) -> QuerySet[Any]:
        """Raises Invalid for a part or a group that there is not."""
        rows = self.measure.population(self.question)
        if self.choice.group is not None:
            rows = rows.filter(self._in_group(rows, self.choice.group))
        return rows.filter(self._part(self.choice.part)) if self.choice.part else rows

    def _in_group(self, rows: QuerySet[Any], key: str) -> Q:
        if not self.question.by:
            raise Invalid({"group": "This figure is not split."})
        raws = set(rows.values_list("in_group", flat=True).distinct())
        named = groups.named(self.question, raws, self.shown)
        members = [raw for raw in raws if named[raw].key == key]
        found = Q(in_group__in=[raw for raw in members if raw is not None])
        return found | Q(in_group__isnull=True) if None in members else found

    def _part(self, part: str) -> Q:
        """The rows that a rate counts, the others, or the clocks in one state."""
        if self.measure is clocks.STATES:
            return self._state(part)
        if part == NET and self.metric.slug == "attainment":
            return clocks.MET | clocks.late(self.question)
        if part not in (COUNTED, REST) or not self.metric.counted:
            raise Invalid({"part": "This figure has no such part."})
        counted = (
            self._answered() if self.metric.counted == "answered" else self.measure.counted(self.question)
        )
        return counted if part == COUNTED else ~counted

    def _state(self, part: str) -> Q:
        if part == EVERY:
            return Q()
        known = clocks.states(self.question)
        return known["track"] | known["risk"] | known["hold"] if part == OPEN else known[part]

    def _answered(self) -> Q:
        """Of waiting times, those that ended within the horizon."""
        column = ENDED_BY[self.measure.subject.name]
        if self.question.horizon is None:
            return Q(**{f"{column}__isnull": False})
        return Q(**{f"{column}__lte": F(self.moment) + self.question.horizon})


def page_of(drill: Drill, cursor: str = "", size: int = 50) -> Page[Any]:
    """The rows behind one figure, newest first."""
    rows = _joined(drill.measure.subject.name, drill.rows())
    return keyset_page(rows, (f"-{drill.moment}", "-pk"), cursor=cursor, size=size)


ENDED_BY = {"handoff": "first_response_at", "qualification": "tried_at", "clock": "satisfied_at"}
JOINED = {
    "deal": ("company",),
    "handoff": ("lead", "team", "holder", "reason"),
    "qualification": ("lead",),
    "lead": (),
    "clock": ("lead", "team", "person", "breach", "commitment"),
}


def _joined(subject: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*JOINED[subject]) if JOINED[subject] else rows
