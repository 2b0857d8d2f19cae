"""Forms say what to do, not what a value or a field is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms

SIDES = [("sales", "Sales")]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.CharField(), "", "Fill this in."),
        (forms.CharField(max_length=3), "four", "Enter at most 3 characters; these are 4."),
        (forms.CharField(min_length=3), "EU", "Enter at least 3 characters; these are 2."),
        (forms.EmailField(), "nope", "Enter an e-mail such as lena.vogt@example.com."),
        (forms.IntegerField(min_value=0), "-1", "Enter 0 or more."),
        (forms.IntegerField(max_value=50), "51", "Enter 50 or less."),
        (forms.IntegerField(), "many", "Enter a whole number."),
        (forms.DecimalField(min_value=Decimal("0.1")), "0", "Enter 0.1 or more."),
        (forms.DecimalField(decimal_places=2, max_digits=9), "1.234", "Enter at most 2 digits after the point."),
        (forms.DateField(), "soon", "Enter a day such as 2026-12-31."),
        (forms.ChoiceField(choices=SIDES), "", "Choose one."),
        (forms.ChoiceField(choices=SIDES), "moon", "Choose one of the list."),
        (forms.MultipleChoiceField(choices=SIDES), [], "Choose at least one."),
        (forms.FileField(), None, "Choose a file."),
    ],
)  # fmt: skip
def test_a_form_says_what_to_do(field: forms.Field, typed: Any, said: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)

    assert refused.value.messages == [said]
