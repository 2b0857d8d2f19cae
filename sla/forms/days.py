"""The days of one year on which a calendar differs from its week, a row each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from calendars.engine.dated import DatedDay, DayKind
from sla.forms.calendars import SeenForm, shown_first
from sla.forms.rows import Typed, typed
from sla.forms.times import RangeForm, refuse_overlaps

ROWS = "days"
EMPTY_ROWS = 2
MOST_ROWS = 160  # six fields each: within Django's limit of a thousand
KINDS = [
    (DayKind.CLOSED, "Closed all day"),
    (DayKind.BREAK, "Closed from"),
    (DayKind.SHIFT, "Open only from"),
]


class DayForm(RangeForm):
    """One day, or one range of it; a day with several ranges has several rows. Without a date it is an empty row."""

    on = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput({"type": "date", "class": "sm"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label="What differs", choices=KINDS, initial=DayKind.CLOSED,
                             widget=forms.Select({"class": "sm"}))  # fmt: skip
    name = forms.CharField(
        label="Name",
        required=False,
        max_length=120,
        widget=forms.TextInput({"class": "sm", "autocomplete": "off"}),
    )
    remove = forms.BooleanField(label="Remove", required=False)
    year: int

    def clean(self) -> None:
        kind = self.cleaned_data.get("kind")
        if kind == DayKind.CLOSED:
            self.cleaned_data |= {"start": "", "end": ""}
        elif kind == DayKind.BREAK and self.cleaned_data.get("start") and self.cleaned_data.get("end") == "":
            self.cleaned_data["end"] = "24:00"
        super().clean()
        if self.cleaned_data.get("remove"):
            self.errors.clear()
        elif self.counts and not self.errors:
            self._check(kind)

    def _check(self, kind: str | None) -> None:
        on = self.cleaned_data.get("on")
        if on is None:
            self.add_error("on", "Enter the date.")
        elif on.year != self.year:
            self.add_error("on", f"This page is for {self.year}. Each year has its own.")
        elif kind != DayKind.CLOSED and not self.window:
            self.add_error("start", "Enter from when until when, or choose Closed all day.")

    @property
    def counts(self) -> bool:
        """Something was entered, and it is not to be removed."""
        said = (self.cleaned_data.get(name) for name in ("on", "start", "end", "name"))
        return any(said) and not self.cleaned_data.get("remove")

    def day(self) -> DatedDay:
        windows = (self.window,) if self.window else ()
        kind = DayKind(self.cleaned_data["kind"])
        return DatedDay(self.cleaned_data["on"], kind, windows, self.cleaned_data["name"].strip())


class DayRows(BaseFormSet):  # type: ignore[type-arg]
    """All rows: no day closed twice, and no range open twice."""

    def clean(self) -> None:
        whole = [form for form in self.forms if not form.errors and form.counts]
        closed: set[date] = set()
        for form in whole:
            if form.cleaned_data["kind"] == DayKind.CLOSED:
                _once(form, closed)
        for form in whole:
            if form.cleaned_data["kind"] != DayKind.CLOSED and form.cleaned_data["on"] in closed:
                form.add_error("on", "This day is closed as a whole already.")
        shifts = [form for form in whole if form.cleaned_data["kind"] == DayKind.SHIFT]
        for on in {form.cleaned_data["on"] for form in shifts}:
            refuse_overlaps([form for form in shifts if form.cleaned_data["on"] == on])


Rows = formset_factory(
    DayForm, formset=DayRows, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


class DaysForm(SeenForm):
    """The rows of one year."""

    def __init__(self, data: QueryDict | None, year: int, rows: list[Typed], seen: str) -> None:
        super().__init__(data, initial={"seen_as": seen})
        self.rows = Rows(data, prefix=ROWS, initial=shown_first(data, rows))
        for form in self.rows:
            form.year = year

    def clean(self) -> None:
        super().clean()
        if not self.rows.is_valid():
            self.add_error(None, " ".join(["Check the rows that are marked.", *self.rows.non_form_errors()]))

    def days(self) -> list[DatedDay]:
        return [form.day() for form in self.rows if form.counts]


def rows_of(days: Iterable[DatedDay]) -> list[Typed]:
    return [row for day in days for row in _rows_of(day)]


def with_more_rows(data: QueryDict, year: int) -> DaysForm:
    """The form as typed, with empty rows after it."""
    names = ("on", "kind", "start", "end", "name", "remove")
    rows = typed(data, ROWS, names, MOST_ROWS - EMPTY_ROWS)
    shown = DaysForm(None, year, rows, str(data.get("seen_as", "")))
    shown.rows.forms[len(rows)].fields["on"].widget.attrs["autofocus"] = True
    return shown


def _once(form: DayForm, closed: set[date]) -> None:
    on = form.cleaned_data["on"]
    if on in closed:
        form.add_error("on", "This day is closed in another row already.")
    closed.add(on)


def _rows_of(day: DatedDay) -> list[Typed]:
    said: Typed = {"on": day.on, "kind": day.kind, "name": day.name}
    if day.kind is DayKind.CLOSED:
        return [said]
    return [said | {"start": start, "end": end} for start, end in day.windows]
