"""Bringing in closed days: which country or file, for which years, and which of the days found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from calendars.engine.closures import FROM_FILE, ClosedDay
from calendars.engine.ics import MAX_BYTES, MAX_DAYS, UnreadableCalendar, read_ics
from calendars.engine.notation import read_date
from calendars.engine.public_holidays import countries, country_of_zone, public_holidays, regions, source_of
from common.refusals import Invalid
from sla.forms.calendars import SeenForm
from sla.services.calendars import Taken

MOST_YEARS = 6
FIRST_YEAR, LAST_YEAR = 1990, 2190
PICK = re.compile(r"(add|rename|drop) (\S{10}) ?(.{0,120})")
SOURCE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,6})?")


class YearsForm(forms.Form):
    """From which year to which, both included."""

    first = forms.IntegerField(label="From", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last = forms.IntegerField(label="To", min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and not 0 <= last - first < MOST_YEARS:
            self.add_error("last", f"Enter a year from {first} to {first + MOST_YEARS - 1}.")

    @property
    def years(self) -> range:
        return range(self.cleaned_data["first"], self.cleaned_data["last"] + 1)


class CountryForm(YearsForm):
    """The public holidays of a country, or of a part of it."""

    country = forms.ChoiceField(choices=lambda: [("", "Choose"), *countries()])
    region = forms.ChoiceField(required=False, help_text="Where a part of the country has days of its own.")
    field_order = ("country", "region", "first", "last")

    def __init__(self, data: QueryDict | None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        country = str((data if data is not None else initial).get("country", ""))
        self.fields["region"] = forms.ChoiceField(
            required=False,
            choices=[("", "Whole country"), *regions(country)],
            error_messages={"invalid_choice": "Choose a region of this country."},
        )
        self.order_fields(self.field_order)

    @property
    def source(self) -> str:
        return source_of(self.cleaned_data["country"], self.cleaned_data["region"])

    def found(self) -> list[ClosedDay]:
        return public_holidays(self.cleaned_data["country"], self.cleaned_data["region"], self.years)


class FileForm(YearsForm):
    """An iCalendar file."""

    file = forms.FileField(
        label="Calendar file",
        help_text="An .ics file up to 1 MB. Its all-day events become closed days.",
        allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ".ics,text/calendar"}),
    )
    field_order = ("file", "first", "last")
    source = FROM_FILE

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        try:
            self.read = read_ics(self.cleaned_data["file"].read(MAX_BYTES + 1), self.years)
        except UnreadableCalendar as refused:
            self.add_error("file", str(refused))


class TakeForm(SeenForm):
    """The days that were picked from those found. Each says what happens to it, when, and its name."""

    source = forms.CharField(max_length=40)
    take = forms.MultipleChoiceField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        picked = data.getlist("take")[: MAX_DAYS + 1]
        self.fields["take"] = forms.MultipleChoiceField(
            required=False, choices=[(one, one) for one in picked]
        )

    def taken(self) -> Taken:
        """Raises Invalid for what no page of ours sends."""
        if not self.is_valid():
            raise Invalid({"": " ".join(str(error) for errors in self.errors.values() for error in errors)})
        source = self.cleaned_data["source"]
        if source != FROM_FILE and not SOURCE.fullmatch(source):
            raise Invalid({"": "It is not known where these days come from."})
        picks = [_pick(text) for text in self.cleaned_data["take"]]
        closed = tuple(ClosedDay(on, name, source) for act, on, name in picks if act != "drop")
        return Taken(source, closed, frozenset(on for act, on, _ in picks if act == "drop"))


def _pick(text: str) -> tuple[str, date, str]:
    found = PICK.fullmatch(text)
    if not found:
        raise Invalid({"": "One of these days cannot be read."})
    act, on, name = found.groups()
    try:
        day = read_date(on)
    except ValueError as error:
        raise Invalid({"": str(error)}) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR or "\x00" in name:
        raise Invalid({"": "One of these days cannot be taken over."})
    return act, day, name.strip() or "Holiday"


def country_of(sources: Sequence[str], tz: str) -> dict[str, str]:
    """The country and region that most days of a calendar came from, to be asked for again; else that of its zone."""
    known = [source for source in sources if SOURCE.fullmatch(source)]
    country, _, region = (known[-1] if known else country_of_zone(tz)).partition("-")
    return {"country": country, "region": region}
