"""What is known of a lead beyond the fields that every lead has: an input for each custom field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from leads.models import CustomField

PREFIX = "attributes."
TRUTHS = [("", "Not known"), ("true", "Yes"), ("false", "No")]


def input_for(custom: CustomField, known: Any) -> forms.Field:
    """Takes what the field holds, or nothing. A choice that is no longer offered can be kept."""
    said: dict[str, Any] = {"label": custom.label, "required": False}
    if custom.type == CustomField.Type.NUMBER:
        return forms.FloatField(**said)
    if custom.type == CustomField.Type.DATE:
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **said)
    if custom.type == CustomField.Type.BOOLEAN:
        return forms.ChoiceField(choices=TRUTHS, **said)
    if custom.type == CustomField.Type.CHOICE:
        offered = list(dict.fromkeys([*map(str, custom.choices), *([str(known)] if known else [])]))
        return forms.ChoiceField(choices=[("", "Not known"), *((one, one) for one in offered)], **said)
    return forms.CharField(max_length=2_000, **said)


def starting_value(custom: CustomField, known: Any) -> Any:
    """What the input shows first; of a moment its day."""
    if isinstance(known, bool):
        return str(known).lower()
    if custom.type == CustomField.Type.DATE and known:
        return date.fromisoformat(str(known)[: len("2026-11-24")])
    return known


def told_attributes(cleaned: Mapping[str, Any], changed: list[str]) -> dict[str, Any]:
    """The values that were changed, by name, as a lead is told them; nothing for what was emptied."""
    told = {name.removeprefix(PREFIX): cleaned[name] for name in changed if name.startswith(PREFIX)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
