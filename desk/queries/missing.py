"""What a lead lacks of the fields that the contract agrees on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.database.moments import database_now
from leads.models import CompanyDomain, Consent, CustomField, Lead
from leads.services import asking
from sla.models import ContractVersion

USUAL = ("phone", "title", "company", "country")
LABELS = {
    "phone": "Phone", "email": "E-mail", "title": "Role", "company": "Company", "country": "Country",
    "first_name": "First name", "last_name": "Last name", "source": "Source", "employees": "Employees",
    "industry": "Industry", "domain": "Domain", "company_domain": "Domain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """One field that every offered lead should have."""

    name: str
    label: str
    is_missing: bool


def missing_facts(lead: Lead) -> list[Agreed]:
    """The agreed fields of the contract in force, else the usual four, each with whether it is empty.

    An agreement may cite words that name no field; nobody can be asked for those.
    """
    agreed = [name for name in _agreed_fields() if asking.is_known(name)] or USUAL
    labels = LABELS | dict(CustomField.objects.values_list("name", "label"))
    return [
        Agreed(name, labels.get(_short(name)) or label_of(name), _value(lead, name) in (None, ""))
        for name in agreed
    ]


def label_of(name: str) -> str:
    """A field that was asked for, in words."""
    return LABELS.get(_short(name), _short(name).replace("_", " ").capitalize())


def _agreed_fields() -> list[str]:
    at = database_now()
    signed = ContractVersion.objects.filter(status=ContractVersion.Status.SIGNED, effective_from__lte=at)
    fields = signed.order_by("-effective_from").values_list("agreed_fields", flat=True).first()
    return list(fields or [])


def _short(name: str) -> str:
    """`lead.phone` and `attributes.region` name what a person calls phone and region."""
    return name.rpartition(".")[2]


def _value(lead: Lead, name: str) -> object:
    """None or empty where it is not known; no and zero are known."""
    group, _, short = name.rpartition(".")
    if group == "attributes" or not (group or short in asking.FIELDS):
        return lead.attributes.get(short)
    if short in IN_ROWS:
        return IN_ROWS[short](lead).exists() or None
    if short in ("employees", "industry"):
        return getattr(lead.company, short) if lead.company else None
    return getattr(lead, short, None)


def _domains(lead: Lead) -> QuerySet[CompanyDomain]:
    return CompanyDomain.objects.filter(company=lead.company_id)


# What of a lead stands in rows of its own.
IN_ROWS: dict[str, Callable[[Lead], QuerySet[Any]]] = {
    "phone": lambda lead: lead.phones.all(),
    "email": lambda lead: lead.emails.all(),
    "external_id": lambda lead: lead.external_ids.all(),
    "consent": lambda lead: lead.consents.exclude(state=Consent.State.WITHDRAWN),
    "domain": _domains,
    "company_domain": _domains,
}
