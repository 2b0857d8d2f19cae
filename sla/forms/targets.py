"""Targets for a month as plain numbers, as the goal calculator sends them."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from sla.forms.percents import PercentField
from sla.services.targets import TARGETS

SHARES = ("quality", "conversion")


def _share(label: str) -> PercentField:
    """Who writes 0.75 means 75: what is below one per cent is asked for again."""
    words = {"min_value": "Write per cent from 1 to 100, such as 75."}
    return PercentField(label=label, least=1, error_messages=words, help_text="Such as 75.")


class TargetsForm(forms.Form):
    """What is empty is no target. `replace` is the number of the draft whose targets may be replaced."""

    volume = forms.IntegerField(
        label="Leads offered a month", required=False, min_value=1, max_value=1_000_000
    )
    quality = _share("Accepted by sales, of decided, per cent")
    conversion = _share("SQLs, of accepted, per cent")
    pipeline = forms.DecimalField(
        label="Pipeline opened a month", required=False, min_value=1, max_value=10**10, decimal_places=2
    )
    replace = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        found = super().clean() or {}
        if not self.errors and not self.targets():
            raise forms.ValidationError("Give at least one target.")
        return found

    def targets(self) -> dict[str, Decimal]:
        """Shares as fractions, as everything but a form says them."""
        found = {str(kind): self.cleaned_data.get(kind) for kind in TARGETS}
        given = {kind: Decimal(amount) for kind, amount in found.items() if amount}
        return {kind: amount / 100 if kind in SHARES else amount for kind, amount in given.items()}
