"""Shares as people write them: 75 or 75 %. Files and the API say 0.75."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms


class PercentField(forms.DecimalField):
    """Gives per cent, up to 100 and to a hundredth; nothing typed is None."""

    def __init__(self, *, least: Decimal | int = 0, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "maxlength": 8})
        super().__init__(
            required=False, min_value=least, max_value=100, decimal_places=2, widget=widget, **options
        )

    def to_python(self, value: Any) -> Any:
        said = value.strip().removesuffix("%") if isinstance(value, str) else value
        return super().to_python(said)
