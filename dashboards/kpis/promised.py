"""What marketing promises about a period: leads offered, with complete data at the offer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from dashboards.kpis.handoffs import cycles
from dashboards.kpis.measure import Measure, count, rate
from dashboards.questions import COHORT, PERIOD, Question
from dashboards.subjects import HANDOFFS
from leads.models import AttributeChange, Consent, Handoff, LeadEmail, LeadPhone
from sla.models import ContractVersion
from sla.queries.contracts import contract_in_force

FILLED = ~Q(value=None) & ~Q(value="")
OF_THE_COMPANY = {"employees": "lead__company__employees__gt", "industry": "lead__company__industry__gt"}


def offered(question: Question) -> QuerySet[Handoff]:
    """The first counted offer of each lead in the period: a lead offered twice is one lead."""
    contract = contract_in_force(question.at)
    counted = cycles(question).filter(basis__in=bases_counted(contract)) if contract else cycles(question)
    earlier = counted.filter(
        lead=OuterRef("lead"), offered_at__gte=question.period.start, cycle__lt=OuterRef("cycle")
    )
    return counted.exclude(Exists(earlier))


def bases_counted(contract: ContractVersion) -> list[str]:
    """The bases of qualifications that a volume promise counts; all where the contract names none."""
    named = contract.counting_rules.get("bases")
    return list(named) if named else [basis for basis, _ in Handoff._meta.get_field("basis").choices or ()]


def complete(question: Question) -> Q:
    """Every field that the contract in force agrees on was known when the lead was offered."""
    contract = contract_in_force(question.at)
    return complete_by(contract.agreed_fields if contract else ())


def complete_by(agreed_fields: Iterable[str]) -> Q:
    """Each of these fields was known when the lead was offered."""
    found = Q()
    for field in agreed_fields:
        found &= known_at_offer(field)
    return found


def known_at_offer(field: str) -> Q:
    name = field.rpartition(".")[2]
    if name == "phone":
        return Q(Exists(LeadPhone.objects.filter(lead=OuterRef("lead"))))
    if name == "email":
        return Q(Exists(LeadEmail.objects.filter(lead=OuterRef("lead"))))
    if name == "company":
        return Q(lead__company__isnull=False)
    if name == "consent":
        given = Consent.objects.exclude(state=Consent.State.WITHDRAWN)
        return Q(Exists(given.filter(lead=OuterRef("lead"), at__lte=OuterRef("offered_at"))))
    told = AttributeChange.objects.filter(
        FILLED, lead=OuterRef("lead"), at__lte=OuterRef("offered_at"),
        fact__in=[field, *(f"{group}.{name}" for group in ("lead", "company", "attributes"))],
    )  # fmt: skip
    found = Q(Exists(told))
    return (
        found | Q(**{OF_THE_COMPANY[name]: 0 if name == "employees" else ""})
        if name in OF_THE_COMPANY
        else found
    )


VOLUME = Measure(HANDOFFS, {PERIOD: "offered_at"}, offered, count)
COMPLETENESS = Measure(HANDOFFS, {COHORT: "offered_at"}, cycles, rate, complete)
