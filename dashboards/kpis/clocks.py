"""Clocks: promises kept in time, and the business time that answers took.

A running clock whose due time has passed is missed, whether or not a sweep has said so. Cancelled, paused
and not yet due clocks are in no rate; neither are those above the load a commitment binds up to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from dashboards.engine.figures import Attainment
from dashboards.kpis.measure import Figures, Measure, Recipe, aggregated, spread
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
    """Clocks that count, in every state but cancelled."""
    return Clock.objects.filter(counted=True).exclude(status=Clock.Status.CANCELLED)


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


ATTAINMENT = Measure(CLOCKS, DUE_OR_STARTED, judged, attainment, lambda question: MET)
RESPONSE_TIME = taken_by(Clock.Kind.FIRST_RESPONSE)
BUYER_WAIT = taken_by(Clock.Kind.BUYER_WAIT)
ANSWER_TIME = taken_by(Clock.Kind.ANSWER)
