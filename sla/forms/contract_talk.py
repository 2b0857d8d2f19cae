"""Talking about a version of the contract, and sending it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from sla.forms.contract import SeenForm


class TalkForm(forms.Form):
    """One thing said, about a promise or about all of it."""

    about = forms.ChoiceField(label="About", required=False)
    text = forms.CharField(
        label="Say", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something."},
    )  # fmt: skip

    def __init__(self, *args: Any, promises: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101 - declared above
        about.choices = [("", "The whole version"), *((name, name) for name in promises)]
        about.error_messages["invalid_choice"] = "Somebody renamed or removed this promise meanwhile."


class SendBackForm(SeenForm):
    """What should change. Only who proposed it may leave that out."""

    text = forms.CharField(
        label="What should change", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what should change."},
    )  # fmt: skip

    def __init__(self, *args: Any, takes_back: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].required = not takes_back
