"""The rows behind a figure as lines of a table: which columns each kind of row has, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse

from common.templatetags.words import money_full, span
from common.web.pages import Page
from dashboards.drilldown import STATE_WORDS, Drill
from dashboards.kpis import clocks
from dashboards.questions import Question
from leads.models import Lead
from sla.models import Clock

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


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: a text, a moment, to the minute where the figure is a time, or the state of a clock.

    `money`: amount and currency of what the text says, for who calculates with it.
    """

    text: str = ""
    at: datetime | None = None
    to_the_minute: bool = False
    clock: Mapping[str, Any] = field(default_factory=dict)
    right: bool = False
    money: tuple[Decimal | None, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row behind a figure; its name leads to the lead or deal."""

    name: str
    url: str
    cells: tuple[Cell, ...]


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
        Cell(money_full(row.amount, row.currency), right=True, money=(row.amount, row.currency)),
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
