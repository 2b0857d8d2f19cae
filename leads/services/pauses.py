"""Pausing by hand, and the end of pauses whose time is over.

What a contract allows is not known here: whoever calls says when the pause ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction

from accounts.models import User
from common.database.moments import database_now
from common.refusals import DomainError, Invalid
from leads.models import Attempt, Handoff, Lead
from leads.services import acts, reasons
from leads.services.acts import Scene, perform

# What one pause can fail by: the database, or the rules and hours its clocks run by (R20).
FAILURES = (DatabaseError, DomainError, ArithmeticError, LookupError, TypeError, ValueError)

log = logging.getLogger(__name__)

BATCH = 500
AFTER_REPLY = timedelta(
    hours=4
)  # so soon after the lead replied a pause is flagged (domain section 5, rule 6)
REPLIED = ("replied", "talked")

# When a pause for this reason ends, read once the lead is locked. Raises Invalid where it is not allowed.
Limit = Callable[[Scene, str], datetime | None]


def unlimited(scene: Scene, reason: str) -> None:
    """Where no contract speaks of pauses."""


def pause(
    handoff: Handoff,
    *,
    by: User,
    reason: str,
    limit: Limit = unlimited,
    note: str = "",
    at: datetime | None = None,
) -> Handoff:
    """Stop the clocks that a pause may stop, until it is resumed, answered, or over by itself."""

    def build(scene: Scene) -> dict[str, Any]:
        chosen = reasons.chosen("pause", reason, note=note)
        ends_at = limit(scene, reason)
        if ends_at is not None and ends_at <= scene.at:
            raise Invalid({"until": "Choose a moment that is still to come."})
        replied = replied_before(scene.row, scene.at)
        data = {"reason": chosen.key if chosen else ""} | ({"after_reply": replied} if replied else {})
        return {"ends_at": ends_at, "data": data}

    return perform(handoff, "pause", by=by, at=at, note=note, build=build)


def resume(handoff: Handoff, *, by: User | None, note: str = "", at: datetime | None = None) -> Handoff:
    """Let the paused clocks run on with what they had left."""
    return perform(handoff, "resume", by=by, at=at, note=note)


def replied_before(handoff: Handoff, at: datetime) -> int | None:
    """The newest reply of the buyer in the four hours before, by when it was recorded: the key of its attempt."""
    said = Attempt.objects.filter(handoff=handoff, recorded_at__gt=at - AFTER_REPLY, recorded_at__lte=at)
    heard = said.filter(direction="inbound") | said.filter(outcome__in=REPLIED)
    return heard.order_by("-recorded_at").values_list("pk", flat=True).first()


def end_due(at: datetime | None = None, limit: int = BATCH) -> int:
    """End up to `limit` pauses whose time is over, each in a transaction of its own; answers how many.

    Safe to run twice, in parallel, and after a crash: what is written is read from the rows. A lead that somebody
    holds is left for the next time (F17), and one that fails stops no other.
    """
    due = Handoff.objects.filter(pause_ends_at__lte=at or database_now()).order_by("pause_ends_at", "pk")
    return sum(_end_one(row, lead, at) for row, lead in due.values_list("pk", "lead_id")[:limit])


def _end_one(row: int, lead: int, at: datetime | None) -> bool:
    try:
        with transaction.atomic():
            free = Lead.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=lead)
            handoff = Handoff.objects.filter(pk=row, pause_ends_at__isnull=False).first() if free else None
            if handoff is not None:
                acts.enter(lead, by=None, at=at, handoff=handoff)
            return handoff is not None
    except FAILURES:
        log.exception("The pause of handoff %s could not be ended.", row)
        return False
