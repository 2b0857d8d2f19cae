"""Times of a day and ranges of them, as people type them: 9, 9:30, 0930, 5 pm, 24:00."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet

TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE | re.ASCII)
WRONG = "Write a time as 09:00, up to 24:00."


class ClockTimeField(forms.CharField):
    """Gives `HH:MM`, up to 24:00; nothing typed is an empty text."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            {"class": "tm sm", "inputmode": "numeric", "autocomplete": "off", "maxlength": 8}
        )
        super().__init__(required=False, max_length=8, widget=widget, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        return _read(text) if text else ""


class RangeForm(forms.Form):
    """From and to. Both empty is no range."""

    start = ClockTimeField(label="Opens")
    end = ClockTimeField(label="Closes")

    def clean(self) -> None:
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start is None or end is None or not (start or end):
            return
        if not start or not end:
            self.add_error("end" if start else "start", "Enter both ends, or neither.")
        elif start == end:
            self.add_error("end", "This ends where it starts.")
        elif start > end:
            self.add_error("end", past_midnight(start, end))

    @property
    def window(self) -> tuple[str, str] | None:
        start, end = (self.cleaned_data.get(edge, "") for edge in ("start", "end"))
        return (start, end) if start and end else None


def past_midnight(start: str, end: str) -> str:
    """What to write instead of a range that would end on the next day."""
    rest = f" and 00:00 to {end} on the next day" if end != "00:00" else ""
    return f"A day ends at 24:00. Past midnight, write {start} to 24:00 here{rest}."


def refuse_overlaps(forms_by_start: list[RangeForm]) -> None:
    """Puts an error beside each range that begins before the one before it has ended."""
    whole = [form for form in forms_by_start if not form.errors and form.window]
    whole.sort(key=lambda form: form.window or ("", ""))
    last = ""
    for form in whole:
        start, end = form.window or ("", "")
        if start < last:
            form.add_error("start", f"This overlaps the range that ends at {last}.")
        last = max(last, end)


class DayRanges(BaseFormSet):  # type: ignore[type-arg]
    """The ranges of one weekday."""

    def clean(self) -> None:
        refuse_overlaps(list(self.forms))


def _read(text: str) -> str:
    found = TIME.fullmatch(text)
    if not found:
        raise ValidationError(WRONG)
    hour, minute = int(found[1]), int(found[2] or 0)
    if half := (found[3] or "").lower():
        if not 1 <= hour <= 12:
            raise ValidationError(WRONG)
        hour = hour % 12 + 12 * (half == "pm")
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise ValidationError(WRONG)
    return f"{hour:02}:{minute:02}"
