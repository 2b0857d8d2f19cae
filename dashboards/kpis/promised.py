"""What marketing promises about a period: leads offered, with complete data at the offer."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboards.kpis.known import complete_by
from dashboards.kpis.measure import Measure, count, rate
from dashboards.questions import COHORT, PERIOD, Question
from dashboards.subjects import HANDOFFS
from leads.models import Handoff
from sla.models import ContractVersion
from sla.queries.contracts import signed_versions, version_at


def offers(question: Question) -> QuerySet[Handoff]:
    """Cycles that were offered; to reopen one is no offer, so a lead stays in the period of its offer."""
    return Handoff.objects.filter(follows=None)


def offered(question: Question) -> QuerySet[Handoff]:
    """The first counted offer of each lead in the period: a lead offered twice is one lead."""
    contract = judging(question)
    counted = offers(question)
    if contract is not None:
        counted = counted.filter(basis__in=bases_counted(contract))
    earlier = counted.filter(
        lead=OuterRef("lead"), offered_at__gte=question.period.start, cycle__lt=OuterRef("cycle")
    )
    return counted.exclude(Exists(earlier))


def judging(question: Question) -> ContractVersion | None:
    """The wording a period is judged by: in force when it began, else now (a first contract in its first days)."""
    signed = signed_versions()
    return version_at(signed, question.period.start) or version_at(signed, question.at)


def bases_counted(contract: ContractVersion) -> list[str]:
    """The bases of qualifications that a volume promise counts; all where the contract names none."""
    named = contract.counting_rules.get("bases")
    return list(named) if named else [basis for basis, _ in Handoff._meta.get_field("basis").choices or ()]


def complete(question: Question) -> Q:
    """Every field that the contract of the period agrees on was known when the lead was offered."""
    contract = judging(question)
    return complete_by(contract.agreed_fields if contract else ())


VOLUME = Measure(HANDOFFS, {PERIOD: "offered_at"}, offered, count)
COMPLETENESS = Measure(HANDOFFS, {COHORT: "offered_at"}, offers, rate, complete)
