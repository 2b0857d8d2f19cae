"""Leads: how far those created in a period came. Merged leads are counted once, as the one they became."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Count, F, Q, QuerySet

from dashboards.kpis.handoffs import followed
from dashboards.kpis.measure import Measure, count, rate
from dashboards.questions import COHORT, PERIOD, Question
from dashboards.subjects import LEADS
from leads.models import Handoff, Lead, Qualification

# Step -> the columns of a cycle whose moment says that the lead came that far, or further.
STEPS = {
    "offered": ("offered_at",),
    "accepted": ("accepted_at", "qualified_at"),
    "qualified": ("qualified_at",),
}


def created(question: Question) -> QuerySet[Lead]:
    return Lead.objects.filter(merged_into__isnull=True)


def came_to_be_mql(question: Question) -> Q:
    found = Qualification.objects.all()
    if question.horizon is not None:
        found = found.filter(at__lte=F("lead__created_at") + question.horizon)
    return Q(pk__in=found.values("lead"))


def came_to(step: str) -> Callable[[Question], Q]:
    """Leads of which some cycle reached the step (or was won without it, in somebody else's deal)."""

    def counted(question: Question) -> Q:
        return Q(pk__in=_cycles().filter(_reached(step, question)).values("lead"))

    return counted


def _cycles() -> QuerySet[Handoff]:
    return Handoff.objects.exclude(pk__in=followed())


def _reached(step: str, question: Question) -> Q:
    found = _by_then("closed_at", question) & Q(status=Handoff.Status.WON)
    for column in STEPS.get(step, ()):
        found |= _by_then(column, question)
    return found


def _by_then(column: str, question: Question) -> Q:
    if question.horizon is None:
        return Q(**{f"{column}__isnull": False})
    return Q(**{f"{column}__lte": F("lead__created_at") + question.horizon})


def _measure(counted: Callable[[Question], Q]) -> Measure:
    return Measure(LEADS, {COHORT: "created_at"}, created, rate, counted)


def reached_steps(question: Question) -> dict[str, int]:
    """The funnel of the leads created in the period: metric -> how many came that far. Two queries."""
    rows = LEADS_CREATED.population(replace(question, basis=PERIOD, by=""))
    found = rows.aggregate(created=Count("pk"), mql=Count("pk", filter=came_to_be_mql(question)))
    further = {
        slug: Count("lead", distinct=True, filter=_reached(step, question)) for slug, step in FUNNEL.items()
    }
    cycles: dict[str, int] = _cycles().filter(lead__in=rows).aggregate(**further)
    return {"leads-created": found["created"], "lead-to-mql": found["mql"]} | cycles


LEADS_CREATED = Measure(LEADS, {PERIOD: "created_at"}, created, count)
LEAD_TO_MQL = _measure(came_to_be_mql)
LEAD_TO_OFFER = _measure(came_to("offered"))
LEAD_TO_ACCEPTED = _measure(came_to("accepted"))
LEAD_TO_SQL = _measure(came_to("qualified"))
LEAD_TO_CUSTOMER = _measure(came_to("won"))
FUNNEL = {
    "lead-to-offer": "offered",
    "lead-to-accepted": "accepted",
    "lead-to-sql": "qualified",
    "lead-to-customer": "won",
}
