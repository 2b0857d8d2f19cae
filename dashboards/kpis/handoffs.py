"""Handoff cycles: how many are offered, what becomes of them, and how long a buyer waits for a person.

A reopened cycle stands in for the one it follows: rates count the successor alone. Redirects are no answer
and are in neither side's rate. Steps implied by history count in rates, never in times.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from dashboards.kpis.measure import Measure, count, rate, seconds, spread
from dashboards.questions import COHORT, PERIOD, Question
from dashboards.subjects import HANDOFFS, QUALIFICATIONS
from leads.models import Handoff, LeadEvent, Meeting, Qualification
from sla.models import Clock

ACCEPTED = Q(accepted_at__isnull=False)
REJECTED = Q(status=Handoff.Status.REJECTED)
TURNED_AWAY = (Handoff.Status.REJECTED, Handoff.Status.WITHDRAWN)


def cycles(question: Question) -> QuerySet[Handoff]:
    """Offered cycles that no reopened one stands in for."""
    return Handoff.objects.exclude(pk__in=followed())


def followed(by: datetime | None = None) -> QuerySet[Handoff, int | None]:
    """The few cycles that were reopened, until `by`: asked once; a join would read every cycle for each query."""
    rows = Handoff.objects.filter(follows__isnull=False)
    rows = rows if by is None else rows.filter(offered_at__lte=by)
    return rows.values_list("follows", flat=True)


def decided(question: Question) -> QuerySet[Handoff]:
    """Accepted or rejected, within the horizon of a cohort."""
    rows = cycles(question).filter(ACCEPTED | REJECTED)
    return within_horizon(rows, "answered_at", "offered_at", question)


def decided_as_agreed(question: Question) -> QuerySet[Handoff]:
    """Decided, without rejections that count against nobody and those that a contest reversed."""
    excused = Q(reason__counts_against="nobody") | Q(contest__decision="reversed")
    return decided(question).exclude(REJECTED & excused)


def accepted(question: Question) -> QuerySet[Handoff]:
    return cycles(question).filter(ACCEPTED)


def qualified(question: Question) -> QuerySet[Handoff]:
    return cycles(question).filter(qualified_at__isnull=False)


def met(question: Question) -> QuerySet[Handoff]:
    """Cycles for which a meeting was booked that is not still to come, and was not called off alone."""
    over = Meeting.objects.filter(handoff=OuterRef("pk"), status__in=("held", "no_show"))
    due = Meeting.objects.filter(handoff=OuterRef("pk"), status="planned", starts_at__lte=question.at)
    return cycles(question).filter(Exists(over) | Exists(due))


def held(question: Question) -> Q:
    return Q(Exists(Meeting.objects.filter(handoff=OuterRef("pk"), status="held")))


def within_horizon(
    rows: QuerySet[Handoff], reached: str, entered: str, question: Question
) -> QuerySet[Handoff]:
    if question.horizon is None:
        return rows
    return rows.filter(**{f"{reached}__lte": F(entered) + question.horizon})


def reached(column: str, entered: str, condition: Q | None = None) -> Callable[[Question], Q]:
    """Which rows reached a step, within the horizon of the cohort."""

    def counted(question: Question) -> Q:
        found = Q(**{f"{column}__isnull": False}) & (condition or Q())
        return found & Q(**{f"{column}__lte": F(entered) + question.horizon}) if question.horizon else found

    return counted


def tried(question: Question) -> QuerySet[Handoff]:
    """Cycles that began with an offer, unless turned away without an attempt or settled by a booked meeting.

    A cycle that was reopened counts if somebody tried it; its successor if it began as an offer again.
    """
    booked = Clock.objects.filter(handoff=OuterRef("pk"), kind=Clock.Kind.FIRST_RESPONSE, met_by_booking=True)
    resumed = Q(follows__isnull=False, accepted_at=F("offered_at"))
    untried = Q(first_response_at__isnull=True)
    return (
        Handoff.objects.filter(offer_implied=False)
        .exclude(untried & Q(status__in=TURNED_AWAY))
        .exclude(untried & Q(pk__in=followed()))
        .exclude(resumed)
        .exclude(Exists(booked))
    )


def response_seconds(question: Question, offered: datetime, first: datetime | None) -> float | None:
    """Wall-clock time from the offer to the first human attempt."""
    return _by_then(question, offered, first)


def raised(question: Question) -> QuerySet[Qualification]:
    """Raised qualifications whose buyer waited or still waits.

    Left out: implied ones, those set aside, and those whose every cycle was turned away, without an attempt.
    """
    aside = LeadEvent.objects.filter(lead=OuterRef("lead"), kind="set_aside", at__gte=OuterRef("at"))
    cycles_of_it = Handoff.objects.filter(qualification=OuterRef("pk"))
    still_possible = cycles_of_it.exclude(status__in=TURNED_AWAY)
    untried = ~Exists(cycles_of_it.filter(first_response_at__isnull=False))
    return (
        Qualification.objects.filter(implied=False)
        .exclude(untried & (Exists(aside) | Exists(cycles_of_it) & ~Exists(still_possible)))
        .annotate(tried_at=Min("handoffs__first_response_at"))
    )


def wait_seconds(question: Question, raised_at: datetime, first: datetime | None) -> float | None:
    """Wall-clock time from the hand raise or qualification to the first human attempt."""
    return _by_then(question, raised_at, first)


def _by_then(question: Question, start: datetime, end: datetime | None) -> float | None:
    """What came after the horizon has not come."""
    if end is not None and question.horizon is not None and end - start > question.horizon:
        return None
    return seconds(start, end)


OFFERED_OR_ANSWERED = {COHORT: "offered_at", PERIOD: "answered_at"}

ACCEPTANCE_RATE = Measure(HANDOFFS, OFFERED_OR_ANSWERED, decided, rate, lambda question: ACCEPTED)
AGREED_ACCEPTANCE = Measure(HANDOFFS, OFFERED_OR_ANSWERED, decided_as_agreed, rate, lambda question: ACCEPTED)
REJECTIONS = Measure(HANDOFFS, OFFERED_OR_ANSWERED, decided, rate, lambda question: REJECTED)
OFFERS = Measure(HANDOFFS, {PERIOD: "offered_at"}, cycles, count)
MQL_VOLUME = Measure(QUALIFICATIONS, {PERIOD: "at"}, lambda question: Qualification.objects.all(), count)
SAL_TO_SQL = Measure(
    HANDOFFS, {COHORT: "accepted_at"}, accepted, rate, reached("qualified_at", "accepted_at")
)
CONVERSION = Measure(HANDOFFS, {COHORT: "offered_at"}, accepted, rate, reached("qualified_at", "offered_at"))
SQL_TO_WON = Measure(
    HANDOFFS, {COHORT: "qualified_at"}, qualified, rate,
    reached("closed_at", "qualified_at", Q(status=Handoff.Status.WON)),
)  # fmt: skip
MEETINGS_HELD = Measure(HANDOFFS, {COHORT: "offered_at"}, met, rate, held)
RESPONSE_TIME = Measure(
    HANDOFFS, {COHORT: "offered_at"}, tried,
    spread(response_seconds, "offered_at", "first_response_at", timed=True),
)  # fmt: skip
BUYER_WAIT = Measure(
    QUALIFICATIONS, {COHORT: "raised_at"}, raised, spread(wait_seconds, "raised_at", "tried_at", timed=True)
)
