"""Logging contacts. An outbound attempt on an unanswered offer, by one who may accept it, accepts it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import Invalid
from leads.engine import authority
from leads.models import Attempt, Handoff
from leads.services import acts, meetings
from leads.services.acts import Scene
from leads.services.meetings import Booking

CONTACT_MADE = frozenset({"replied", "talked", "refused", "meeting_held"})


@dataclass(frozen=True, slots=True)
class Contact:
    """What was tried: channel, direction, outcome, and when it happened (empty: now)."""

    channel: str
    outcome: str
    direction: str = "outbound"
    minutes: int | None = None
    happened_at: datetime | None = None
    origin: str = "typed"
    automated: bool = False

    @property
    def contact_made(self) -> bool:
        return self.outcome in CONTACT_MADE or self.direction == "inbound"

    def check(self) -> None:
        """Raises Invalid naming each field that is not a known word."""
        known = {
            "channel": set(Attempt.Channel.values) - {"unknown"},
            "outcome": set(Attempt.Outcome.values),
            "direction": set(Attempt.Direction.values),
            "origin": set(Attempt.Origin.values),
        }
        errors = {
            field: f"Choose one of: {', '.join(sorted(words))}."
            for field, words in known.items()
            if getattr(self, field) not in words
        }
        if self.minutes is not None and not 0 <= self.minutes <= 1_440:
            errors["minutes"] = "Enter minutes from 0 to 1440."
        if errors:
            raise Invalid(errors)


@transaction.atomic
def log_attempt(
    handoff: Handoff,
    contact: Contact,
    *,
    by: User,
    booking: Booking | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Attempt:
    """Record one contact. It counts from when it is recorded, whatever time it tells (domain section 5, rule 2).

    An automated step is stored and shown; it satisfies nothing and accepts nothing. With the outcome "meeting
    booked" goes the booking, where its time is known.
    """
    contact.check()
    if booking is not None and (contact.outcome != Attempt.Outcome.MEETING_BOOKED or contact.automated):
        raise Invalid({"meeting_at": "Only the outcome “meeting booked” has the time of a meeting."})
    scene = acts.enter(handoff.lead_id, by=by, at=at, handoff=handoff)
    if contact.happened_at is not None and contact.happened_at > scene.at:
        raise Invalid({"at": "A contact cannot lie in the future."})
    cycle, standing = acts.cycle_of(scene.row), standing_of(by)
    authority.may_try("attempt", standing, cycle)
    if contact.automated:
        return _store(scene, contact, by, note)
    accepts = authority.may_accept(standing, cycle)

    def build(scene: Scene) -> dict[str, Any]:
        attempt = _store(scene, contact, by, note)
        scene.told["attempt"] = attempt.pk
        return {
            "outbound": contact.direction == "outbound",
            "contact": contact.contact_made,
            "accepts": accepts,
            "data": _codes(attempt),
        }

    acts.decide_and_write(scene, "attempt", build=build)
    attempt = Attempt.objects.get(pk=scene.told["attempt"])
    if booking is not None:
        meetings.book_in(scene, booking)
    meetings.tell_outcome(scene, attempt)
    return attempt


def _store(scene: Scene, contact: Contact, by: User, note: str) -> Attempt:
    return Attempt.objects.create(
        lead=scene.lead,
        handoff=scene.handoff,
        channel=contact.channel,
        direction=contact.direction,
        outcome=contact.outcome,
        minutes=contact.minutes,
        origin=contact.origin,
        automated=contact.automated,
        contact=contact.contact_made,
        by=by,
        at=contact.happened_at or scene.at,
        recorded_at=scene.at,
        note=note,
    )


def _codes(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt.pk,
        "channel": attempt.channel,
        "direction": attempt.direction,
        "outcome": attempt.outcome,
        "automated": attempt.automated,
    }
