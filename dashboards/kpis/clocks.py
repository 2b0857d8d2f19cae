"""Clocks: promises kept in time, and the business time that answers took.

A running clock whose due time has passed is missed, whether or not a sweep has said so. Cancelled, paused
and not yet due clocks are in no rate; neither are those above the load a commitment binds up to.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from dashboards.engine.figures import Attainment, States
from dashboards.kpis.measure import Figures, Measure, Recipe, aggregated, spread, within
from dashboards.questions import COHORT, DUE, Question
from dashboards.subjects import CLOCKS
from sla.models import Clock, Excuse

MET = Q(status=Clock.Status.MET)
PAUSED = Q(status=Clock.Status.PAUSED)
DUE_OR_STARTED = {DUE: "due_at", COHORT: "started_at"}


def overdue(at: object) -> Q:
    """Still running, and its due time has passed."""
    return Q(status=Clock.Status.RUNNING, due_at__lt=at)


def breached(question: Question) -> Q:
    return Q(status=Clock.Status.BREACHED) | overdue(question.at)


def excused() -> Q:
    """A miss forgiven by the other side, or made by a corrected calendar."""
    forgiven = Excuse.objects.filter(decision=Excuse.Decision.GRANTED).values("breach")
    return Q(breach__in=forgiven) | Q(breach__by_recalculation=True)


def late(question: Question) -> Q:
    """Breached and not excused. A clock without a breach yet is not excused either."""
    return breached(question) & (Q(breach__isnull=True) | ~excused())


def running(question: Question) -> Q:
    return Q(status=Clock.Status.RUNNING, due_at__gte=question.at)


def states(question: Question) -> dict[str, Q]:
    """Every state of a clock that was not cancelled; each clock is in exactly one."""
    at_risk = Q(risk_at__lte=question.at)
    return {
        "met": MET,
        "bad": late(question),
        "exc": breached(question) & excused(),
        "track": running(question) & (Q(risk_at__isnull=True) | ~at_risk),
        "risk": running(question) & at_risk,
        "hold": PAUSED,
    }


def binding(question: Question) -> QuerySet[Clock]:
    """Clocks that count, in every state but cancelled. Naming every kind lets the index by kind and due serve."""
    return Clock.objects.filter(counted=True, kind__in=Clock.Kind.values).exclude(
        status=Clock.Status.CANCELLED
    )


def begun_or_due(question: Question) -> QuerySet[Clock]:
    """Binding clocks due in the period, and those that stand still and started in it: they have no due time."""
    standing = PAUSED & Q(due_at__isnull=True) & within("started_at", question.period)
    rows = binding(question).filter(within("due_at", question.period) | standing)
    return rows.alias(placed_at=Coalesce("due_at", "started_at"))


def judged(question: Question) -> QuerySet[Clock]:
    """Clocks that were met or breached."""
    return binding(question).filter(MET | breached(question))


def _attainment(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
    found = aggregated(
        rows, question, everyone=Count("pk"), met=Count("pk", filter=MET),
        forgiven=Count("pk", filter=breached(question) & excused()),
    )  # fmt: skip
    return {
        row["in_group"]: Attainment(row["met"], row["everyone"] - row["met"], row["forgiven"])
        for row in found
    }


def _states(measure: Measure, rows: QuerySet[Any], question: Question) -> Figures:
    known = states(question)
    sums = {name: Count("pk", filter=known[name]) for name in ("met", "exc", "track", "risk", "hold")}
    found = aggregated(rows, question, late=Count("pk", filter=breached(question)), **sums)
    return {
        row["in_group"]: States(bad=row["late"] - row["exc"], **{name: row[name] for name in sums})
        for row in found
    }


def causes(question: Question) -> dict[Any, Counter[str]]:
    """For each group, how often its misses that nobody excused had each known cause."""
    rows = STATES.population(question).filter(late(question)).exclude(breach__cause="")
    found: dict[Any, Counter[str]] = {}
    for row in rows.filter(breach__isnull=False).values("in_group", "breach__cause").annotate(n=Count("pk")):
        found.setdefault(row["in_group"], Counter())[row["breach__cause"]] += row["n"]
    return found


def late_waits(question: Question) -> list[tuple[datetime, datetime | None, datetime]]:
    """Of each buyer wait that was missed: when it began, when the lead was first offered, when it ended."""
    rows = STATES.population(question).filter(late(question), kind=Clock.Kind.BUYER_WAIT)
    ended = Coalesce("satisfied_at", "ended_at", Value(question.at), output_field=DateTimeField())
    offered = Min("qualification__handoffs__offered_at")
    return list(rows.annotate(offered=offered, until=ended).values_list("started_at", "offered", "until"))


# Met and breached, the excused among the breached.
attainment = Recipe(Attainment(), _attainment)


def answered_or_missed(kind: str) -> Any:
    """Clocks of one kind that fell due, whatever they bind; one met by a booked meeting has no time."""

    def rows(question: Question) -> QuerySet[Clock]:
        return Clock.objects.filter(MET | breached(question), kind=kind, met_by_booking=False)

    return rows


def business_seconds(question: Question, used: timedelta, satisfied: object) -> float | None:
    """The business time that the clock ran until it was satisfied; None where nobody has."""
    return used.total_seconds() if satisfied is not None else None


def of_kind(kind: str) -> Measure:
    """Attainment of one kind of clock."""
    return Measure(
        CLOCKS, DUE_OR_STARTED, lambda question: judged(question).filter(kind=kind), attainment,
        lambda question: MET,
    )  # fmt: skip


def taken_by(kind: str) -> Measure:
    """The business time that one kind of clock took."""
    make = spread(business_seconds, "consumed", "satisfied_at", timed=True)
    return Measure(CLOCKS, {DUE: "due_at"}, answered_or_missed(kind), make)


STATES = Measure(CLOCKS, {DUE: "placed_at"}, begun_or_due, Recipe(States(), _states))
ATTAINMENT = Measure(CLOCKS, DUE_OR_STARTED, judged, attainment, lambda question: MET)
RESPONSE_TIME = taken_by(Clock.Kind.FIRST_RESPONSE)
BUYER_WAIT = taken_by(Clock.Kind.BUYER_WAIT)
ANSWER_TIME = taken_by(Clock.Kind.ANSWER)
