"""Custom attributes of a lead in the words of a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from definitions.engine.wording import shown
from leads.models import CustomField, Lead


def attributes_of(lead: Lead) -> list[tuple[str, str]]:
    """Label and value of each that is known, by label."""
    if not lead.attributes:
        return []
    fields = CustomField.objects.filter(name__in=lead.attributes).order_by("label", "pk")
    return [(field.label, in_words(field, lead.attributes[field.name])) for field in fields]


def in_words(field: CustomField, value: Any) -> str:
    """A date is stored as text, a moment in UTC; its day is what people ask for."""
    if field.type == CustomField.Type.DATE:
        return shown(date.fromisoformat(str(value)[: len("2026-11-24")]))
    words = shown(value)
    return words[:1].upper() + words[1:]
