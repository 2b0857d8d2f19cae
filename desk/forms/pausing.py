"""The form of a pause by hand: what the contract allows, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, localtime

from calendars.engine.business_time import is_open
from common.database.moments import database_now
from desk.forms.acts import ReasonForm, ReasonGroup
from sla.engine.allowance import Allowance
from sla.queries.spans import span_words
from sla.services.pausing import allowance_for, beginning

DAYS_OFFERED = 3
LOOKED_AHEAD = 14
OTHER = "date"
NOON = timedelta(hours=12)


class PauseForm(ReasonForm):
    """Allowed reasons, and an end: a near day, another one, or when the cap is used up."""

    verb = "pause"

    ends = forms.ChoiceField(required=False, label="Until")
    until = forms.DateField(required=False, label="Day", widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        super().prepare()
        self.at = database_now()
        self.allowed = allowance_for(self.handoff, self.at)
        self.groups = [kept for group in self.groups if (kept := _kept(group, self.allowed)).reasons]
        allowed = [reason.key for group in self.groups for reason in group.reasons]
        if len(allowed) == 1:
            self.initial["reason"] = allowed[0]  # where nothing is to be chosen nobody is asked to
        self.fields["ends"].choices = self._choices()  # type: ignore[attr-defined]
        until = self.fields["until"].widget.attrs
        until["min"] = (localdate() + timedelta(days=1)).isoformat()
        if self.allowed.ends_at:
            until["max"] = localdate(self.allowed.ends_at).isoformat()

    def _choices(self) -> list[tuple[str, str]]:
        last = self.allowed.ends_at
        days = _open_days(self.allowed, localdate(self.at))
        fitting = [day for day in days if last is None or beginning(day) < last]
        choices = [(day.isoformat(), f"{day:%a %-d %b}") for day in fitting[:DAYS_OFFERED]]
        whole = f"As long as allowed, {localtime(last):%a %-d %b %H:%M}" if last else "Somebody resumes it"
        never = self.allowed.never_ends
        other = [(OTHER, "Another day")] if len(fitting) > DAYS_OFFERED or never else []
        return [*choices, *other, *([] if never else [("", whole)])]

    @property
    def day(self) -> date | None:
        """From when the clocks run on; None: when nothing is left of the cap."""
        chosen = str(self.cleaned_data.get("ends") or "")
        if chosen == OTHER:
            return self.cleaned_data.get("until")
        return date.fromisoformat(chosen) if chosen else None

    @property
    def cap(self) -> str:
        return span_words(self.allowed.cap) if self.allowed.cap else ""

    @property
    def left(self) -> str:
        """Of the cap, in business time."""
        return span_words(self.allowed.left) if self.allowed.left else "nothing"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("ends") == OTHER and not given.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose a day.")
        return given


def _kept(group: ReasonGroup, allowed: Allowance) -> ReasonGroup:
    """Its reasons that the contract names."""
    reasons = tuple(reason for reason in group.reasons if allowed.allows(reason.key))
    return ReasonGroup(group.label, group.against, reasons, group.first)


def _open_days(allowed: Allowance, today: date) -> list[date]:
    """The coming days on which the clocks' hours have any, judged at their noon."""
    days = [today + timedelta(days=ahead) for ahead in range(1, LOOKED_AHEAD + 1)]
    return [day for day in days if allowed.calendar is None or is_open(allowed.calendar, _noon(day))]


def _noon(day: date) -> datetime:
    return beginning(day) + NOON
