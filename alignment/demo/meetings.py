"""Meetings of the story: booked, moved, held or missed, each with its journal row."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from accounts.models import User
from alignment.demo.thread import Thread
from leads.models import Meeting, MeetingMove


def plan(
    thread: Thread, at: datetime, starts_at: datetime, person: User, *, by_buyer: bool = False
) -> Meeting:
    """Booked now for later. Its public id follows from its cycle's, so that no other draw of chance moves."""
    handoff = thread.handoff
    if handoff is None:
        raise ValueError("Only a cycle has meetings.")
    row = thread.book.add(
        Meeting(
            lead_id=thread.lead.pk, handoff=handoff, person=person, by_buyer=by_buyer, booked_at=at,
            starts_at=starts_at, minutes=30, public_id=uuid5(handoff.public_id, "meeting"),
        )
    )  # fmt: skip
    data = {"meeting": row.pk, "booked_by": "buyer" if by_buyer else "rep"}
    actor = None if by_buyer else person
    row.booked_at = thread.do("book_meeting", at, actor, meets_at=starts_at, data=data)
    return row


def move(thread: Thread, row: Meeting, at: datetime, starts_at: datetime, by: User) -> None:
    data = {"meeting": row.pk, "booked_by": "rep"}
    moved_at = thread.do("move_meeting", at, by, meets_at=starts_at, data=data)
    thread.book.add(MeetingMove(meeting=row, was_at=row.starts_at, moved_to=starts_at, by=by, at=moved_at))
    row.starts_at = starts_at


def over(thread: Thread, row: Meeting, at: datetime, by: User, *, held: bool) -> None:
    """After the attempt that tells of it."""
    verb, status = ("hold_meeting", "held") if held else ("miss_meeting", "no_show")
    row.ended_at = thread.do(verb, at, by, data={"meeting": row.pk})
    row.status = status
