"""What was known of a lead, value by value, in the words of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from definitions.catalogue import catalogue
from definitions.engine.wording import shown
from desk.queries.missing import label_of
from leads.models import AttributeChange, Campaign, Company, CustomField, Lead

NEWEST = 200
SOURCES = {"api": "API", "csv": "CSV"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value from a moment on; an empty `value` means that the field was emptied."""

    label: str
    value: str
    source: str
    at: datetime


def changes_of(lead: Lead) -> list[Change]:
    """The newest 200, newest first."""
    rows = list(lead.changes.order_by("-at", "-pk")[:NEWEST])
    _name_links(rows)
    custom = {f"attributes.{name}": label for name, label in CustomField.objects.values_list("name", "label")}
    return [Change(_label(row, custom), _value(row), _source(row.source), row.at) for row in rows]


LINKED: dict[str, QuerySet[Any]] = {
    "lead.company": Company.objects.all(),
    "lead.campaign": Campaign.objects.all(),
    "lead.owner": User.objects.all(),
}


def _name_links(rows: list[AttributeChange]) -> None:
    """Company, campaign and owner of a lead are kept as their keys; people read names."""
    for fact, known in LINKED.items():
        moved = [row for row in rows if row.fact == fact]
        named = known.in_bulk([row.value for row in moved if row.value]) if moved else {}
        for row in moved:
            row.value = str(named.get(row.value, ""))


def _label(row: AttributeChange, custom: dict[str, str]) -> str:
    if row.fact.startswith("attributes."):
        return custom.get(row.fact) or label_of(row.fact)
    spec = catalogue.lookup(row.fact)
    return spec.label if spec else label_of(row.fact)


def _value(row: AttributeChange) -> str:
    if row.value is None or row.value == "":
        return ""
    if isinstance(row.value, list):
        return ", ".join(shown(one) for one in row.value)
    return shown(row.value)


def _source(word: str) -> str:
    return SOURCES.get(word, word[:1].upper() + word[1:])
