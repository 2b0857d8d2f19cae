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
    """Offers on a basis that the contract counts."""
    contract = judging(question)
    if contract is None:
        return offers(question)
    return offers(question).filter(basis__in=bases_counted(contract))


def first_of_each_lead(rows: QuerySet[Handoff]) -> QuerySet[Handoff]:
    """A lead offered twice is one lead, also where only its second offer is in the segment."""
    earlier = rows.filter(lead=OuterRef("lead"), cycle__lt=OuterRef("cycle"))
    return rows.exclude(Exists(earlier))


def judging(question: Question) -> ContractVersion | None:
    """The wording a period is judged by: that of the promise asked about, else the one in force when the period began.

    Else the one in force now: a first contract in its first days.
    """
    if question.filters.promise is not None:
        return question.filters.promise.version
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


VOLUME = Measure(HANDOFFS, {PERIOD: "offered_at"}, offered, count, chosen=first_of_each_lead)
COMPLETENESS = Measure(HANDOFFS, {COHORT: "offered_at"}, offers, rate, complete)
