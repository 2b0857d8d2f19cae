"""The forms of a calendar: its opening hours weekday by weekday, and trying a due time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from accounts.forms.choices import zones
from calendars.engine.notation import WEEKDAYS
from calendars.models import Calendar, CalendarVersion
from calendars.queries import business_calendar, fingerprint
from sla.forms.rows import Typed, typed
from sla.forms.times import DayRanges, RangeForm
from sla.services.calendars import Week

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFICE_DAYS = WEEKDAYS[:5]
MOST_RANGES = 12
EDGES = ("start", "end")
AMOUNT = re.compile(r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,6})\s*m(?:in)?)?", re.IGNORECASE)
OUT_OF_DATE = "This page is not whole or out of date. Open the calendar again."

Ranges = formset_factory(
    RangeForm, formset=DayRanges, extra=0, max_num=MOST_RANGES, absolute_max=MOST_RANGES, validate_max=True
)


class SeenForm(forms.Form):
    """A form that names, by its fingerprint, the calendar that was seen when it was filled in."""

    seen_as = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)

    def clean(self) -> None:
        super().clean()
        if not self.cleaned_data.get("seen_as"):
            self.add_error(None, OUT_OF_DATE)

    @property
    def seen(self) -> str:
        return str(self.cleaned_data["seen_as"])


class WeekForm(forms.Form):
    """Name, zone, and ranges of hours for each weekday."""

    name = forms.CharField(max_length=80)
    tz = forms.ChoiceField(label="Time zone", choices=lambda: list(zones()))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        ranges: Mapping[str, list[Typed]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        shown = ranges or {}
        self.days: dict[str, BaseFormSet[RangeForm]] = {
            key: Ranges(data, prefix=key, initial=shown_first(data, shown.get(key, []))) for key in WEEKDAYS
        }

    @property
    def week(self) -> list[tuple[str, str, BaseFormSet[RangeForm]]]:
        """Key, name and ranges of each day."""
        return [(key, name, self.days[key]) for key, name in zip(WEEKDAYS, DAYS, strict=True)]

    def clean(self) -> None:
        for _, name, ranges in self.week:
            if not ranges.is_valid():
                self.add_error(None, " ".join([f"Check the hours of {name}.", *ranges.non_form_errors()]))

    def said(self) -> Week:
        hours = {key: [list(form.window) for form in self.days[key] if form.window] for key in WEEKDAYS}
        return Week(self.cleaned_data["name"], self.cleaned_data["tz"], hours)


class CalendarForm(SeenForm, WeekForm):
    """The same for a calendar that is known already."""

    @staticmethod
    def of(data: QueryDict | None, calendar: Calendar, version: CalendarVersion) -> CalendarForm:
        rules = business_calendar(version).to_dict()
        known = {"name": calendar.name, "tz": rules["tz"], "seen_as": fingerprint(calendar)}
        return CalendarForm(data, ranges=ranges_of(rules["hours"]), initial=known)


def shown_first(data: QueryDict | None, rows: list[Typed]) -> list[Typed] | None:
    """What is sent stands for itself: Django would take a row that says the same as before for an empty one."""
    return rows if data is None else None


def asks_for_rows(data: QueryDict) -> bool:
    """The form was sent by one of its own buttons, to come back with other rows."""
    return "add" in data or "copy" in data


def with_asked_rows(form: type[WeekForm], data: QueryDict) -> WeekForm:
    """The form as typed, with one more range on a day, or with Monday's ranges on each working day."""
    ranges = {key: typed(data, key, EDGES, MOST_RANGES) for key in WEEKDAYS}
    day = str(data.get("add", ""))
    if day in ranges:
        ranges[day].append(dict.fromkeys(EDGES, ""))
    if "copy" in data:
        ranges |= dict.fromkeys(OFFICE_DAYS[1:], ranges[OFFICE_DAYS[0]])
    shown = form(ranges=ranges, initial={name: data.get(name, "") for name in form.base_fields})
    if day in ranges and shown.days[day].forms:
        shown.days[day].forms[-1].fields["start"].widget.attrs["autofocus"] = True
    return shown


def ranges_of(hours: Mapping[str, list[list[str]]]) -> dict[str, list[Typed]]:
    """Hours in the notation of the engine, as rows of the form."""
    return {key: [dict(zip(EDGES, edges, strict=True)) for edges in ranges] for key, ranges in hours.items()}


class TryForm(forms.Form):
    """When would a promise be due that starts then?"""

    start = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    amount = forms.CharField(label="Business time", max_length=20, help_text="Such as 1 h, 30 m or 2 h 30 m.")

    def clean_start(self) -> datetime:
        start: datetime = self.cleaned_data["start"]
        if not 1990 <= start.year < 2200:
            raise ValidationError("Choose a day from 1990 to 2199.")
        return start

    def clean_amount(self) -> timedelta:
        found = AMOUNT.fullmatch(self.cleaned_data["amount"].strip())
        if not found or not any(found.groups()):
            raise ValidationError("Enter time such as 1 h, 30 m or 2 h 30 m.")
        hours, minutes = (int(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes)

    def question(self) -> tuple[datetime, timedelta]:
        return self.cleaned_data["start"], self.cleaned_data["amount"]
