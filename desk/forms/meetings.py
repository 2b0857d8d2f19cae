"""Forms about meetings: when one is to be, and what has become of the one that is planned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from desk.forms.acts import ActForm

FORMAT = "%Y-%m-%dT%H:%M"


def meeting_time(label: str) -> forms.DateTimeField:
    """In the time zone that the page is shown in."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)
    return forms.DateTimeField(label=label, required=False, widget=widget)


class MeetingForm(ActForm):
    """The planned meeting moves to another time, or is called off."""

    MOVE, CALL_OFF = "move", "call_off"
    CHANGES = ((MOVE, "It takes place at another time"), (CALL_OFF, "It is called off"))

    change = forms.ChoiceField(choices=CHANGES, initial=MOVE, required=False)
    meeting_at = meeting_time("New time")

    def prepare(self) -> None:
        self.initial["meeting_at"] = self.handoff.meeting_at

    @property
    def new_time(self) -> datetime | None:
        """None: it is called off."""
        moves = self.cleaned_data.get("change") != self.CALL_OFF
        return self.cleaned_data.get("meeting_at") if moves else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        moves = given.get("change") != self.CALL_OFF
        if moves and not given.get("meeting_at") and "meeting_at" not in self.errors:
            self.add_error("meeting_at", "Enter the new time.")
        return given
