"""Custom fields: making one, and changing its words."""

from __future__ import annotations

from typing import Any

from django import forms

from leads.models import CustomField
from leads.services.fields import FieldWords


class FieldForm(forms.Form):
    """What people call it, and for a choice the values it offers; of a known one also what was shown of it."""

    label = forms.CharField(label="Name", max_length=120)
    choices = forms.CharField(
        label="Values",
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One a line. What leads hold stays, also when it is no longer offered.",
    )

    seen_label = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_choices = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, field: CustomField | None = None) -> None:
        known = {"label": field.label, "choices": "\n".join(field.choices)} if field else {}
        super().__init__(data, initial=known | {f"seen_{name}": known[name] for name in known})
        if field and field.type != CustomField.Type.CHOICE:
            del self.fields["choices"]

    @property
    def words(self) -> FieldWords:
        return FieldWords(self.cleaned_data["label"], _lines(self.cleaned_data.get("choices", "")))

    @property
    def seen(self) -> FieldWords | None:
        """What stood there when whoever sends this opened it, if that was sent along."""
        label = self.cleaned_data["seen_label"]
        return FieldWords(label, _lines(self.cleaned_data["seen_choices"])) if label else None


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


class NewFieldForm(FieldForm):
    """The same, and what it holds, which stays."""

    type = forms.ChoiceField(label="Holds", choices=CustomField.Type.choices, initial=CustomField.Type.TEXT)
    field_order = ("label", "type", "choices")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        del self.fields["seen_label"], self.fields["seen_choices"]
        self.fields["choices"].help_text = "For a choice, one a line."
