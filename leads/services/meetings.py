"""Meetings: booked by a rep with an attempt or by the buyer on a rep's calendar, then moved, held or missed.

A buyer's booking accepts for the rep whose calendar it is, and settles first response and buyer wait as met by
booking (domain section 5, rule 7). Whoever books, the follow-up has what it asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from common import outbox
from common.refusals import Conflict, Invalid
from leads.models import Attempt, Handoff, Meeting, MeetingMove, Touch
from leads.services import acts, routing
from leads.services.acts import Scene, perform

FARTHEST = timedelta(days=366)
LONGEST = 1_440  # minutes
UNANSWERED = (Handoff.Status.OFFERED, Handoff.Status.RETURNED)
# What an attempt tells of the meeting that is planned: verb of the lifecycle, state of the row.
TOLD_BY = {
    Attempt.Outcome.MEETING_HELD: ("hold_meeting", Meeting.Status.HELD),
    Attempt.Outcome.NO_SHOW: ("miss_meeting", Meeting.Status.NO_SHOW),
}


@dataclass(frozen=True, slots=True)
class Booking:
    """What was booked: when it begins, with whom (empty: the holder), for how many minutes."""

    starts_at: datetime
    person: User | None = None
    minutes: int | None = None

    def obstacle(self, now: datetime) -> str:
        """Why nobody can keep what a buyer booked; empty where somebody can."""
        if self.starts_at <= now:
            return "No meeting is planned: the time that was booked is over."
        if self.person is not None and not routing.sells(self.person):
            return f"No meeting is planned: {self.person}, on whose calendar it was booked, does not sell."
        return ""

    def check(self, now: datetime) -> None:
        """Raises Invalid for a time that is over or more than a year ahead."""
        if self.starts_at <= now:
            raise Invalid({"meeting_at": "Choose a time that is still to come."})
        if self.starts_at > now + FARTHEST:
            raise Invalid({"meeting_at": "Choose a time within a year."})
        if self.minutes is not None and not 0 < self.minutes <= LONGEST:
            raise Invalid({"minutes": "Enter minutes from 1 to 1440."})


def book_in(scene: Scene, booking: Booking, *, touch: Touch | None = None) -> Meeting:
    """Plan it on the locked cycle; one that is planned already is moved. With a touch the buyer booked it."""
    booking.check(scene.at)
    planned = _planned(scene.row)
    meeting = planned or Meeting(lead=scene.lead, handoff=scene.row, booked_at=scene.at)
    was_at = meeting.starts_at if planned else None
    meeting.person = booking.person or meeting.person or scene.row.holder or scene.by
    meeting.starts_at, meeting.minutes = booking.starts_at, booking.minutes or meeting.minutes
    meeting.by_buyer, meeting.touch = touch is not None, touch or meeting.touch
    meeting.save()
    if was_at == booking.starts_at:
        return meeting  # with somebody else, or for longer: nothing has moved
    if was_at is not None:
        _keep_move(meeting, was_at, scene)
    data = {"meeting": meeting.pk, "booked_by": "buyer" if touch else "rep"}
    acts.decide_and_write(
        scene, "book_meeting", build=lambda scene: {"meets_at": booking.starts_at, "data": data}
    )
    return meeting


def book_by_buyer(scene: Scene, touch: Touch, booking: Booking) -> Meeting:
    """On a rep's calendar: accepts an unanswered cycle for that rep, whoever held it. Nobody's right is asked.

    The cycle must be open. Raises Invalid where the person sells nothing.
    """
    booking.check(scene.at)
    if booking.person is None:
        raise Invalid({"owner": "Say on whose calendar the meeting was booked."})
    if scene.row.status in UNANSWERED:
        _accept_for(scene, booking.person)
    meeting = book_in(scene, booking, touch=touch)
    payload = {"lead": scene.lead.pk, "kind": "meeting_booked", "meeting": meeting.pk}
    outbox.leave("handoff.meeting_booked", scene.row.pk, at=scene.at, payload=payload)
    return meeting


def _accept_for(scene: Scene, person: User) -> None:
    sells_here = scene.row.team and scene.row.team.memberships.filter(
        user=person, role__in=routing.SELLERS, user__is_active=True
    )
    if not (sells_here and sells_here.exists()):
        place = routing.choose(scene.lead, scene.row.qualification, at=scene.at, person=person)
        acts.decide_and_write(
            scene, "reassign", build=lambda scene: {"team": place.team.pk, "person": person.pk}
        )
    acts.decide_and_write(
        scene, "accept", build=lambda scene: {"person": person.pk, "data": {"by": "booking"}}
    )


def tell_outcome(scene: Scene, attempt: Attempt) -> None:
    """Held, or the buyer did not come: of the planned meeting, else of one that nobody had planned."""
    if attempt.outcome not in TOLD_BY:
        return
    verb, status = TOLD_BY[Attempt.Outcome(attempt.outcome)]
    meeting = _planned(scene.row)
    if meeting is None:
        Meeting.objects.create(
            lead=scene.lead, handoff=scene.row, person=attempt.by, status=status, booked_at=scene.at,
            starts_at=min(attempt.at, scene.at), ended_at=scene.at, minutes=attempt.minutes,
        )  # fmt: skip
        return
    if meeting.starts_at > scene.at:
        begins = meeting.starts_at.astimezone(acts.reporting_zone())
        raise Invalid({"outcome": f"The meeting begins on {begins:%-d %B, %H:%M}; move it first."})
    _end(meeting, status, scene)
    acts.decide_and_write(scene, verb, build=lambda scene: {"data": {"meeting": meeting.pk}})


def move(
    handoff: Handoff, starts_at: datetime, *, by: User, note: str = "", at: datetime | None = None
) -> Handoff:
    """The planned meeting takes place at another time; where it was is kept."""

    def build(scene: Scene) -> dict[str, Any]:
        Booking(starts_at).check(scene.at)
        meeting = _needed(scene.row)
        was_at = meeting.starts_at
        if was_at == starts_at:
            raise Invalid({"meeting_at": "The meeting is planned for then already."})
        meeting.starts_at = starts_at
        meeting.save(update_fields=["starts_at"])
        _keep_move(meeting, was_at, scene)
        return {"meets_at": starts_at, "data": {"meeting": meeting.pk, "booked_by": "rep"}}

    return perform(handoff, "move_meeting", by=by, at=at, note=note, build=build)


def call_off(handoff: Handoff, *, by: User, note: str = "", at: datetime | None = None) -> Handoff:
    """The planned meeting will not take place."""

    def build(scene: Scene) -> dict[str, Any]:
        meeting = _needed(scene.row)
        _end(meeting, Meeting.Status.CALLED_OFF, scene)
        return {"data": {"meeting": meeting.pk}}

    return perform(handoff, "call_off_meeting", by=by, at=at, note=note, build=build)


def _planned(handoff: Handoff) -> Meeting | None:
    return Meeting.objects.filter(handoff=handoff, status=Meeting.Status.PLANNED).first()


def _needed(handoff: Handoff) -> Meeting:
    meeting = _planned(handoff)
    if meeting is None:
        raise Conflict("No meeting is planned.", state=handoff.status)
    return meeting


def _end(meeting: Meeting, status: str, scene: Scene) -> None:
    meeting.status, meeting.ended_at = status, scene.at
    meeting.save(update_fields=["status", "ended_at"])


def _keep_move(meeting: Meeting, was_at: datetime, scene: Scene) -> None:
    by = None if meeting.by_buyer and scene.by is None else scene.by
    MeetingMove.objects.create(meeting=meeting, was_at=was_at, moved_to=meeting.starts_at, by=by, at=scene.at)
