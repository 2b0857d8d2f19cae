"""Who is told what when an act comes too late: by whom, or that it was oneself, and when (R5)."""

from __future__ import annotations

from accounts.models import User
from common.refusals import Conflict, NotAllowed
from leads.engine.authority import HeldByAnother
from leads.engine.history import VERB
from leads.models import Handoff, LeadEvent

# What happens to a cycle without bringing it into another state.
NOT_ANSWERS = (
    "attempted", "contacted", "raised_again", "paused", "resumed", "takeover", "booked", "moved", "held",
    "no_show", "called_off",
)  # fmt: skip

# Rows of which the loser of a race is told "Amal Haddad accepted at 21:54".
FIRST = frozenset({
    "accepted", "rejected", "returned", "redirected", "reassigned", "withdrawn", "claimed", "resupplied",
    "qualified", "passed", "taken", "sent_back", "disqualified", "recycled", "won", "lost",
})  # fmt: skip
# Whoever did one of these may hold the cycle no more.
GIVES_AWAY = frozenset({"redirected", "reassigned", "passed", "sent_back"})
PAUSES = {"pause": "paused", "resume": "resumed"}  # of these acts only the same one can have come first
CLOSED = {"won": "closed it as won", "lost": "closed it as lost"}
PAST = {"withdrawn": "withdrew", "taken": "took", **CLOSED}  # where the row is not named as people say it
OWN = {"sent_back": "sent it back", **CLOSED}


def told_by_whom(conflict: Conflict, handoff: Handoff | None, by: User | None, verb: str) -> Conflict:
    """Add who brought the cycle into its present state, and when; whoever did the same before reads that."""
    last = handoff and _last(handoff, verb)
    if not last:
        return conflict
    name = last.actor.name if last.actor else "Baton"
    first = last.kind in FIRST or last.kind in PAUSES.values()
    did = PAST.get(last.kind, last.kind.replace("_", " ")) if first else ""
    mine = by is not None and last.actor_id == by.pk
    if mine and _verb(last.kind) != verb:
        did = ""  # nobody else was first
    own = mine and did != ""
    message = f"You {OWN.get(last.kind, f'{did} it')} already." if own else conflict.message
    return Conflict(message, state=conflict.state, by=name, at=last.at, did=did, own=own)


def done_already(handoff: Handoff | None, by: User | None, verb: str) -> Conflict | None:
    """For who has no right any more because he did the same before, and with that gave the cycle away."""
    if handoff is None or by is None:
        return None
    last = _last(handoff, verb)
    if last is None or last.kind not in GIVES_AWAY or last.actor_id != by.pk or _verb(last.kind) != verb:
        return None
    return told_by_whom(Conflict("This is done already.", state=handoff.status), handoff, by, verb)


def told_who_holds(refused: NotAllowed, handoff: Handoff | None) -> NotAllowed:
    """The same refusal; where somebody else holds the lead, as after a claim a moment ago, with the name."""
    if not isinstance(refused, HeldByAnother) or handoff is None or handoff.holder is None:
        return refused
    return HeldByAnother(
        f"{handoff.holder.name} holds this lead. The holder or the sales manager can do this."
    )


def _last(handoff: Handoff, verb: str) -> LeadEvent | None:
    """What brought the cycle into its state; for a pause, who paused or resumed last, if that is what came first."""
    rows = LeadEvent.objects.filter(handoff=handoff).select_related("actor").order_by("-id")
    if verb not in PAUSES or not handoff.is_open:
        return rows.exclude(kind__in=NOT_ANSWERS).first()
    last = rows.filter(kind__in=PAUSES.values()).first()
    return last if last and last.kind == PAUSES[verb] else None


def _verb(kind: str) -> str:
    others = {"claimed": "claim", "reassigned": "reassign"} | {past: verb for verb, past in PAUSES.items()}
    return others.get(kind, VERB.get(kind, ""))
