"""Facts of leads as they were: what the history of changes knew at an earlier moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from definitions.engine.facts import FactValue
from leads.facts import LeadFacts, typed_attribute
from leads.models import AttributeChange, CustomField

ATTRIBUTE = "attributes."
KEPT = ("lead.source", "lead.title", "lead.country")


@dataclass(frozen=True, slots=True)
class History:
    """Changes of leads, oldest first, and the types of custom fields by name."""

    changes: dict[int, list[AttributeChange]]
    types: dict[str, str]

    def as_of(self, at: datetime, lead: int, present: LeadFacts) -> LeadFacts:
        """The present facts, with the last value known by `at` of each fact whose history reaches back to it."""
        values = dict(present.values)
        for change in self.changes.get(lead, ()):
            if change.at <= at:
                values.pop(change.fact, None)
                if change.value not in (None, ""):
                    values[change.fact] = self._told(change)
        return replace(present, at=at, values=values)

    def _told(self, change: AttributeChange) -> FactValue:
        type_ = self.types.get(change.fact.removeprefix(ATTRIBUTE), "text")
        value = typed_attribute(change.value, type_) if change.fact.startswith(ATTRIBUTE) else change.value
        return FactValue(value, change.at, change.source)


def history_of(leads: Iterable[int]) -> History:
    """Two queries."""
    found: dict[int, list[AttributeChange]] = {}
    for change in AttributeChange.objects.filter(lead__in=list(leads)).order_by("at", "pk"):
        if change.fact in KEPT or change.fact.startswith(ATTRIBUTE):
            found.setdefault(change.lead_id, []).append(change)
    return History(found, dict(CustomField.objects.values_list("name", "type")))
