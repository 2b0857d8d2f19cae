"""Why a closer gave a lead back to its setter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leads.models import Handoff, LeadEvent, Reason

STEPS = (LeadEvent.Kind.SENT_BACK, LeadEvent.Kind.QUALIFIED)


@dataclass(frozen=True, slots=True)
class SentBack:
    """Who sent it back, when, for what reason, and what was said with it."""

    by: str
    at: datetime
    reason: str
    note: str


def sent_back(handoff: Handoff | None) -> SentBack | None:
    """Of a lead that lies with its setter again, until it is qualified anew: two queries at most."""
    if handoff is None or handoff.status != Handoff.Status.ACCEPTED:
        return None
    last = handoff.events.filter(kind__in=STEPS).select_related("actor", "note").order_by("-pk").first()
    if last is None or last.kind != LeadEvent.Kind.SENT_BACK:
        return None
    reason = Reason.objects.filter(verb=Reason.Verb.SEND_BACK, key=last.data.get("reason", "")).last()
    note = getattr(last, "note", None)
    return SentBack(
        str(last.actor or "The closer"), last.at, reason.label if reason else "", note.text if note else ""
    )
