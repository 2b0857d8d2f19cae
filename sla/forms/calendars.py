"""The form of a calendar: hours as people write them, line by line."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.choices import zones
from calendars.engine.notation import WEEKDAYS, read_date, read_dated, read_week
from calendars.models import Calendar, CalendarVersion
from calendars.queries import business_calendar, fingerprint, holidays_of
from sla.services.calendars import Wording

Windows = list[list[str]]

DAY_LABELS = dict(
    zip(
        WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
LINES = forms.Textarea({"rows": 6})
AMOUNT = re.compile(r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", re.IGNORECASE)


def read_windows(text: str) -> Windows:
    """`09:00-12:00, 13:00-17:00` as pairs; the engine judges them afterwards."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n]| and ", text) if piece.strip()]
    return [[edge.strip() for edge in re.split(r"-|–| to ", piece, maxsplit=1)] for piece in pieces]


def write_windows(windows: Windows) -> str:
    return ", ".join(f"{start}-{end}" for start, end in windows)


class CalendarForm(forms.Form):
    """Zone, hours of each weekday, days that differ, and holidays."""

    name = forms.CharField(max_length=80)
    tz = forms.ChoiceField(label="Time zone", choices=lambda: list(zones()))
    shifts = forms.CharField(
        label="Other hours on single days",
        required=False,
        widget=LINES,
        help_text="One day a line, instead of its weekday: 2026-12-05 10:00-14:00",
    )
    breaks = forms.CharField(
        label="Closed for part of a day",
        required=False,
        widget=LINES,
        help_text="One day a line: 2026-11-27 13:00-24:00",
    )
    holidays = forms.CharField(
        label="Holidays", required=False, widget=LINES, help_text="One day a line: 2026-12-25 Christmas Day"
    )
    seen_as = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in DAY_LABELS.items():
            self.fields[key] = forms.CharField(
                label=label,
                required=False,
                max_length=200,
                widget=forms.TextInput({"placeholder": "Closed", "autocomplete": "off"}),
            )

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[key] for key in WEEKDAYS]

    def clean(self) -> None:
        hours = {key: self._windows(key) for key in WEEKDAYS}
        self.rules: dict[str, Any] = {
            "tz": self.cleaned_data.get("tz", ""),
            "hours": {key: windows for key, windows in hours.items() if windows},
            "shifts": self._dated("shifts"),
            "breaks": self._dated("breaks"),
        }
        self.named = self._holidays()

    @property
    def seen(self) -> str:
        """The fingerprint of the calendar that whoever sends this had before their eyes."""
        return str(self.cleaned_data["seen_as"])

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["name"], self.rules, self.named)

    def _windows(self, key: str) -> Windows:
        windows = read_windows(self.cleaned_data.get(key, ""))
        try:
            read_week({key: windows})
        except ValueError as error:
            self.add_error(key, f"{error} Write hours as 09:00-12:00, 13:00-17:00.")
        return windows

    def _dated(self, field: str) -> dict[str, Windows]:
        dated: dict[str, Windows] = {}
        for line in _lines(self.cleaned_data.get(field, "")):
            day, _, windows = line.partition(" ")
            dated[day] = dated.get(day, []) + read_windows(windows)
        try:
            read_dated(dated, field, may_overlap=field == "breaks")
        except ValueError as error:
            self.add_error(field, str(error))
        return dated

    def _holidays(self) -> dict[date, str]:
        named: dict[date, str] = {}
        for line in _lines(self.cleaned_data.get("holidays", "")):
            day, _, name = line.partition(" ")
            try:
                named[read_date(day)] = name.strip()[:120] or "Holiday"
            except ValueError as error:
                self.add_error("holidays", str(error))
        return named

    @staticmethod
    def initial_of(calendar: Calendar, version: CalendarVersion) -> dict[str, Any]:
        rules = business_calendar(version).to_dict()
        dated = {
            field: "\n".join(f"{on} {write_windows(windows)}" for on, windows in rules[field].items())
            for field in ("shifts", "breaks")
        }
        holidays = "\n".join(f"{on.isoformat()} {name}" for on, name in holidays_of(calendar, version))
        hours = {key: write_windows(windows) for key, windows in rules["hours"].items()}
        known = {"name": calendar.name, "tz": rules["tz"], "holidays": holidays}
        return known | {"seen_as": fingerprint(calendar)} | dated | hours


class TryForm(forms.Form):
    """When would a promise be due that starts then?"""

    start = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    amount = forms.CharField(label="Business time", max_length=20, help_text="Such as 1 h, 30 m or 2 h 30 m.")

    def clean_amount(self) -> timedelta:
        found = AMOUNT.fullmatch(self.cleaned_data["amount"].strip())
        if not found or not any(found.groups()):
            raise ValidationError("Enter time such as 1 h, 30 m or 2 h 30 m.")
        hours, minutes = (int(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes)

    def question(self) -> tuple[datetime, timedelta]:
        return self.cleaned_data["start"], self.cleaned_data["amount"]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
