"""What a lead lacks of the fields that the contract agrees on."""

from __future__ import annotations

from dataclasses import dataclass

from common.moments import database_now
from leads.models import CustomField, Lead
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
        Agreed(name, labels.get(_short(name), _short(name)), _value(lead, name) in (None, ""))
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
    if group == "attributes":
        return lead.attributes.get(short)
    if short in ("phone", "email"):
        return (lead.phones if short == "phone" else lead.emails).exists() or None
    if short in ("domain", "company_domain"):
        return (lead.company is not None and lead.company.domains.exists()) or None
    if short in ("employees", "industry"):
        return getattr(lead.company, short) if lead.company else None
    own = getattr(lead, short, None)
    return lead.attributes.get(short) if own is None else own
