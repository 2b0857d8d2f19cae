"""Forms about a list itself: its name, its columns."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from desk.queries.columns import CHOICES, read_columns


class ViewNameForm(forms.Form):
    """What a view is called on its tab."""

    name = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter a name."},
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """Which columns the list shows. Lead and SLA always stand in it."""

    cols = forms.MultipleChoiceField(
        label="Columns", choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(initial={"cols": [column.key for column in read_columns(query)]})
