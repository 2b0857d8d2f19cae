"""The fields that a contract can ask of every offer, each under one name wherever it is read or chosen."""

from __future__ import annotations

from collections.abc import Iterable

from definitions.catalogue import catalogue

LABELS = {
    "lead.first_name": "First name", "lead.last_name": "Last name", "lead.title": "Role",
    "lead.company": "Company", "lead.email": "E-mail", "lead.phone": "Phone", "lead.country": "Country",
    "lead.source": "Source", "company.industry": "Industry", "company.employees": "Employees",
    "company.domain": "Domain",
}  # fmt: skip


def label_of(name: str) -> str:
    """As people call it; what is none of the fields that there are goes by its own words."""
    spec = catalogue.lookup(name)
    own = LABELS.get(name) or (spec.label if spec else "")
    return own or name.rpartition(".")[2].replace("_", " ").capitalize()


def choices_with(agreed: Iterable[str]) -> list[tuple[str, str]]:
    """Those agreed already, then contact data, facts of the company and an organisation's own attributes."""
    own = {spec.name: spec.label for spec in catalogue.facts() if spec.group == "attributes"}
    return list(({name: label_of(name) for name in agreed} | LABELS | own).items())
