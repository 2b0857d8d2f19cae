"""Targets for a month as plain numbers, as the goal calculator sends them."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from sla.services.targets import TARGETS


class TargetsForm(forms.Form):
    """What is empty is no target. `replace` is the number of the draft whose targets may be replaced."""

    volume = forms.IntegerField(
        label="Leads offered a month", required=False, min_value=1, max_value=1_000_000
    )
    quality = forms.DecimalField(
        label="Accepted by sales, of decided",
        required=False,
        min_value=Decimal("0.01"),
        max_value=1,
        decimal_places=4,
    )
    conversion = forms.DecimalField(
        label="SQLs, of accepted", required=False, min_value=Decimal("0.01"), max_value=1, decimal_places=4
    )
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
        found = {str(kind): self.cleaned_data.get(kind) for kind in TARGETS}
        return {kind: Decimal(amount) for kind, amount in found.items() if amount}
