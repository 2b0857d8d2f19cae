"""Saying why a clock was missed, asking for an excuse, and deciding one."""

from __future__ import annotations

from typing import Any

from django import forms

OTHER = "Other"
REASONS = ("System was down", "Wrong calendar", "Sudden illness", "Offered in error", OTHER)


class AskForm(forms.Form):
    """Why a miss should not count. Only "Other" needs words."""

    reason = forms.ChoiceField(
        label="Why it should not count", choices=[(reason, reason) for reason in REASONS], widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )  # fmt: skip
    evidence = forms.CharField(label="What happened", max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("reason") == OTHER and not said.get("evidence"):
            self.add_error("evidence", "Say what happened.")
        return said


class DecideForm(forms.Form):
    """The other side's answer."""

    decision = forms.ChoiceField(
        label="Decision",
        choices=[
            ("granted", "Excuse it: gross keeps it, net leaves it out"),
            ("refused", "Refuse: it counts"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )


class CauseForm(forms.Form):
    """Why it was late: one word, which the service knows."""

    cause = forms.CharField(max_length=14, error_messages={"required": "Choose one of the causes."})


class FilterForm(forms.Form):
    """Narrowing the list of breaches."""

    kind = forms.ChoiceField(label="Clock", required=False)
    cause = forms.ChoiceField(label="Cause", required=False)
    team = forms.ChoiceField(label="Team", required=False)
    source = forms.CharField(label="Source", required=False, max_length=120)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, pairs in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "All"), *pairs]
