"""Who is told what when an act comes too late: by whom, or that it was oneself, and when (R5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.refusals import Conflict
from leads.engine.history import VERB
from leads.models import LeadEvent

if TYPE_CHECKING:
    from leads.services.acts import Scene

# What happens to a cycle without bringing it into another state.
NOT_ANSWERS = (
    "attempted", "contacted", "raised_again", "paused", "resumed", "takeover", "booked", "moved", "held",
    "no_show", "called_off",
)  # fmt: skip

# Rows of which the loser of a race is told "Amal Haddad accepted at 21:54".
FIRST = frozenset({
    "accepted", "rejected", "returned", "redirected", "reassigned", "withdrawn", "claimed", "resupplied",
    "qualified", "passed", "taken", "sent_back", "disqualified", "recycled",
})  # fmt: skip
PAST = {"withdrawn": "withdrew", "taken": "took"}  # where the row is not named as people say it
OWN = {"sent_back": "sent it back"}


def told_by_whom(conflict: Conflict, scene: Scene, verb: str) -> Conflict:
    """Add who brought the cycle into its present state, and when; whoever did the same before reads that."""
    last = scene.handoff and (
        LeadEvent.objects.filter(handoff=scene.handoff)
        .exclude(kind__in=NOT_ANSWERS)
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    if not last:
        return conflict
    by = last.actor.name if last.actor else "Baton"
    did = PAST.get(last.kind, last.kind.replace("_", " ")) if last.kind in FIRST else ""
    mine = scene.by is not None and last.actor_id == scene.by.pk
    if mine and _verb(last.kind) != verb:
        did = ""  # nobody else was first
    own = mine and did != ""
    message = f"You {OWN.get(last.kind, f'{did} it')} already." if own else conflict.message
    return Conflict(message, state=conflict.state, by=by, at=last.at, did=did, own=own)


def _verb(kind: str) -> str:
    return "claim" if kind == "claimed" else VERB.get(kind, "")
