"""From a figure to the rows behind it: the address, and the rows themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from common.refusals import Invalid
from common.templatetags.words import money_full, span
from common.web.pages import Page, keyset_page
from dashboards import groups
from dashboards.catalogue import Metric
from dashboards.kpis import clocks
from dashboards.kpis.measure import Measure
from dashboards.questions import Question
from leads.models import Lead
from sla.models import Clock

COUNTED, REST, EVERY, OPEN, NET = "counted", "rest", "every", "open", "net"
STATES = ("met", "bad", "exc", "track", "risk", "hold")
STATE_WORDS = {
    "met": "Met", "bad": "Breached", "exc": "Excused", "track": "On track", "risk": "At risk", "hold": "Paused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: a text, a moment, to the minute where the figure is a time, or the state of a clock."""

    text: str = ""
    at: datetime | None = None
    to_the_minute: bool = False
    clock: Mapping[str, Any] = field(default_factory=dict)
    right: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a figure; its name leads to the lead or deal."""

    name: str
    url: str
    cells: tuple[Cell, ...]


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


WAITS = frozenset({"response-time", "buyer-wait"})
HEADS: Mapping[str, Sequence[str]] = {
    "deal": ("Deal", "Opened", "Closed", "Outcome", "Amount"),
    "handoff": ("Lead", "Offered", "Answered", "First response", "Team", "State"),
    "qualification": ("Lead", "Raised", "Qualified", "Basis"),
    "lead": ("Lead", "Created", "Source", "Stage"),
    "clock": ("Lead", "Clock", "Started", "Due", "Ended", "Team", "Counts as"),
    "handoff qualified": ("Lead", "Qualified", "Offered", "Answered", "Team", "State"),
    "handoff wait": ("Lead", "Offered", "First response", "Team", "State", "Waited"),
    "qualification wait": ("Lead", "Raised", "First attempt", "Basis", "Waited"),
    "clock wait": ("Lead", "Started", "Due", "Ended", "Counts as"),
}
RIGHT = frozenset({"Amount", "Counts as", "State", "Waited"})


def shape(drill: Drill) -> str:
    """Which columns the rows have: those of a waiting time show how long each waited, and where they are counted
    and stand in order by when they were qualified, that.
    """
    subject = drill.measure.subject.name
    if (subject, drill.moment) == ("handoff", "qualified_at"):
        return "handoff qualified"
    return f"{subject} wait" if drill.metric.slug in WAITS else subject


def lines(drill: Drill, page: Page[Any]) -> list[Line]:
    """The rows of a page, ready to be shown."""
    subject = drill.measure.subject.name
    forgiven = _forgiven(page.rows) if subject == "clock" else frozenset()
    line = LINES[shape(drill)]
    return [line(row, drill.question, forgiven) for row in page.rows]


def _forgiven(rows: Sequence[Any]) -> frozenset[int]:
    """Which of these clocks were missed and excused."""
    ids = [row.pk for row in rows]
    return frozenset(Clock.objects.filter(clocks.excused(), pk__in=ids).values_list("pk", flat=True))


def _deal(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    cells = (
        Cell(at=row.opened_at), Cell(at=row.closed_at), Cell(row.get_outcome_display()),
        Cell(money_full(row.amount, row.currency), right=True),
    )  # fmt: skip
    return Line(row.name, address("desk:deal", row.public_id), cells)


def _handoff(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    cells = (
        Cell(at=row.offered_at), Cell(at=row.answered_at), Cell(at=row.first_response_at),
        Cell(str(row.team or "")), Cell(_stands(row), right=True),
    )  # fmt: skip
    return Line(row.lead.name, lead_url(row.lead), cells)


def _handoff_qualified(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    moments = (row.qualified_at, row.offered_at, row.answered_at)
    cells = (*(Cell(at=at) for at in moments), Cell(str(row.team or "")), Cell(_stands(row), right=True))
    return Line(row.lead.name, lead_url(row.lead), cells)


def _stands(row: Any) -> str:
    state = str(row.get_status_display())
    return f"{state}: {row.reason}" if row.reason else state


def _handoff_wait(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    began, ended, waited = _waited(row.offered_at, row.first_response_at)
    cells = (began, ended, Cell(str(row.team or "")), Cell(_stands(row), right=True), waited)
    return Line(row.lead.name, lead_url(row.lead), cells)


def _qualification_wait(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    began, ended, waited = _waited(row.raised_at, row.tried_at)
    return Line(row.lead.name, lead_url(row.lead), (began, ended, Cell(row.get_basis_display()), waited))


def _waited(began: datetime, ended: datetime | None) -> tuple[Cell, Cell, Cell]:
    """From when, until when, and how long by the wall clock."""
    known = span(ended - began) if ended else "No attempt yet"
    return _minute(began), _minute(ended), Cell(known, right=True)


def _minute(at: datetime | None) -> Cell:
    return Cell(at=at, to_the_minute=True)


def _qualification(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    cells = (Cell(at=row.raised_at), Cell(at=row.at), Cell(row.get_basis_display()))
    return Line(row.lead.name, lead_url(row.lead), cells)


def _lead(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    return Line(
        row.name, lead_url(row), (Cell(at=row.created_at), Cell(row.source), Cell(row.get_stage_display()))
    )


def _clock(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    *moments, counts_as = _clock_wait(row, question, forgiven).cells
    cells = (Cell(row.get_kind_display()), *moments, Cell(str(row.team or "")), counts_as)
    return Line(row.lead.name, lead_url(row.lead), cells)


def _clock_wait(row: Any, question: Question, forgiven: frozenset[int]) -> Line:
    """Of one kind of clock, and of the joint one no team is asked."""
    state = _state_of(row, question.at, row.pk in forgiven)
    counts_as = {"state": state, "words": STATE_WORDS[state], "percent_left": 50}
    moments = (row.started_at, row.due_at, row.satisfied_at or row.ended_at)
    cells = (*map(_minute, moments), Cell(clock=counts_as, right=True))
    return Line(row.lead.name, lead_url(row.lead), cells)


def _state_of(row: Any, at: datetime, excused: bool) -> str:
    if row.status == "met":
        return "met"
    if row.status == "paused":
        return "hold"
    if row.status == "breached" or row.due_at < at:
        return "exc" if excused else "bad"
    return "risk" if row.risk_at and row.risk_at <= at else "track"


LINES = {
    "deal": _deal,
    "handoff": _handoff,
    "qualification": _qualification,
    "lead": _lead,
    "clock": _clock,
    "handoff qualified": _handoff_qualified,
    "handoff wait": _handoff_wait,
    "qualification wait": _qualification_wait,
    "clock wait": _clock_wait,
}


def lead_url(lead: Lead) -> str:
    return address("desk:lead", lead.public_id)


def address(name: str, *args: Any) -> str:
    """The page of a row; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
