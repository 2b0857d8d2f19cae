"""What each verb of a handoff may be sent with. Fields that a verb does not use are refused."""

from __future__ import annotations

from rest_framework import serializers

from desk.api.fields import Strict, Text, amount, day, meeting_time, note, reason
from leads.models import Attempt

TEAM = "Name or id of a team."
OWNER = "E-mail or id of a person."


class OfferBody(Strict):
    """The lead to offer, and to whom; routing chooses where neither team nor owner is named."""

    lead = Text(required=True, allow_blank=False, help_text="Id or external id.")
    team = Text(help_text=TEAM)
    owner = Text(help_text=OWNER)


class NoteBody(Strict):
    """Nothing but words."""

    note = note()


class RejectBody(Strict):
    """Why the handoff was wrong, before any contact."""

    reason = reason("reject")
    criterion = Text(max_length=120, help_text="Path of the criterion that is not met.")
    deal = Text(help_text="Where the buyer is known already: id or external id of the deal.")
    owner = Text(help_text="Where the buyer is known already: e-mail or id of whose it is.")
    note = note()


class PlaceBody(Strict):
    """Where to, else routing decides."""

    team = Text(help_text=TEAM)
    owner = Text(help_text=OWNER)
    note = note()


class RedirectBody(PlaceBody):
    """Where it belongs."""

    reason = reason("redirect", required=False)


class ReturnBody(Strict):
    """What marketing has to add."""

    reason = reason("return", required=False)
    missing = serializers.ListField(
        child=Text(max_length=100, allow_blank=False), required=False, max_length=30,
        help_text="Names of the fields that are missing.",
    )  # fmt: skip
    note = note()


class WithdrawBody(Strict):
    """Why marketing takes the offer back."""

    reason = reason("withdraw", required=False)
    note = note()


class AttemptBody(Strict):
    """One human contact. It counts from now; an outbound one on an unanswered offer also accepts."""

    channel = serializers.ChoiceField([c for c in Attempt.Channel.values if c != "unknown"])
    direction = serializers.ChoiceField(Attempt.Direction.values, required=False, default="outbound")
    outcome = serializers.ChoiceField(Attempt.Outcome.values)
    minutes = serializers.IntegerField(required=False, min_value=0, max_value=1_440)
    meeting_at = meeting_time(
        "With `meeting_booked`: when the meeting begins. One that is planned is moved there."
    )
    note = note()


class MoveMeetingBody(Strict):
    """When the planned meeting takes place instead; where it was is kept."""

    meeting_at = meeting_time("When the meeting begins now: still to come, within a year.", required=True)
    note = note()


class QualifyBody(Strict):
    """Joins an open deal of the company, or opens a new one for an amount."""

    deal = Text(help_text="Id or external id of an open deal of the lead's company.")
    amount = amount()
    currency = Text(max_length=3, help_text="Three letters; the organisation's unless given.")
    note = note()


class SendBackBody(Strict):
    """Why the setter gets it back."""

    reason = reason("send_back")
    note = note()


class DisqualifyBody(Strict):
    """Why there is no sale."""

    reason = reason("disqualify")
    note = note()


class RecycleBody(Strict):
    """Why not now, and until when."""

    reason = reason("recycle")
    until = day("Becomes an inquiry again on this day.")
    note = note()


class WinBody(Strict):
    """What the deal was won for; what it was opened for unless given."""

    amount = amount()
    currency = Text(max_length=3, help_text="Must be the deal's.")
    note = note()


class LoseBody(Strict):
    """Why the deal is lost; with a day the lead is recycled until then."""

    reason = reason("lose")
    until = day("Recycled until this day.")
    note = note()
