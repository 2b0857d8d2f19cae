"""The form that asks for a correction of a calendar."""

from __future__ import annotations

from django import forms


class CorrectForm(forms.Form):
    """`seen` is the number of the version whose preview the person had before their eyes."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    notify = forms.BooleanField(
        label="Tell the holders of clocks that are missed by it",
        required=False,
        help_text="Otherwise these misses are recorded quietly.",
    )
