"""The form of logging a contact: the outcome is the button that saves it."""

from __future__ import annotations

from typing import Any

from django import forms

from desk.forms.acts import NOTE, ActForm, HeardForm
from desk.forms.meetings import meeting_time
from leads.models import Attempt
from leads.services.attempts import Contact
from leads.services.meetings import Booking

NO_CONTACT = (
    ("no_answer", "phone-off"), ("voicemail", "microphone"), ("gatekeeper", "door"),
    ("wrong_number", "circle-x"), ("bounced", "mail"),
)  # fmt: skip
CONTACT = (
    ("replied", "mail-opened"), ("talked", "phone-call"), ("meeting_booked", "calendar-event"),
    ("refused", "hand-stop"),
)  # fmt: skip
MEETING = (("meeting_held", "users"), ("no_show", "calendar-x"))


class LogForm(ActForm, HeardForm):
    """Channel and direction are preset; nothing has to be typed."""

    CHANNELS = [choice for choice in Attempt.Channel.choices if choice[0] != Attempt.Channel.UNKNOWN]

    channel = forms.ChoiceField(choices=CHANNELS, initial="call", required=False)
    direction = forms.ChoiceField(choices=Attempt.Direction.choices, initial="outbound", required=False)
    outcome = forms.ChoiceField(
        choices=Attempt.Outcome.choices, error_messages={"required": "Choose an outcome: it saves."}
    )
    minutes = forms.IntegerField(required=False, min_value=0, max_value=1_440)
    note = forms.CharField(max_length=NOTE, required=False)
    meeting_at = meeting_time("Meeting booked for")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        books = given.get("outcome") == Attempt.Outcome.MEETING_BOOKED
        if books and not given.get("meeting_at") and "meeting_at" not in self.errors:
            self.add_error("meeting_at", "Say when the meeting is, then choose the outcome again.")
        return given

    @property
    def booking(self) -> Booking | None:
        """Of another outcome the time is left aside."""
        books = self.cleaned_data["outcome"] == Attempt.Outcome.MEETING_BOOKED
        return Booking(self.cleaned_data["meeting_at"]) if books else None

    @property
    def contact(self) -> Contact:
        given = self.cleaned_data
        channel, direction = given["channel"] or "call", given["direction"] or "outbound"
        return Contact(
            channel=channel, outcome=given["outcome"], direction=direction, minutes=given["minutes"]
        )

    @staticmethod
    def buttons(outcomes: tuple[tuple[str, str], ...]) -> list[tuple[str, str, str]]:
        labels = dict(Attempt.Outcome.choices)
        return [(value, str(labels[value]), icon) for value, icon in outcomes]

    @property
    def no_contact(self) -> list[tuple[str, str, str]]:
        return self.buttons(NO_CONTACT)

    @property
    def contact_made(self) -> list[tuple[str, str, str]]:
        return self.buttons(CONTACT)

    @property
    def of_meetings(self) -> list[tuple[str, str, str]]:
        return self.buttons(MEETING)
