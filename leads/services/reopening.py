"""Mending a wrong answer: a new cycle in the state that the closing verb left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import Conflict
from leads.engine import authority, lifecycle
from leads.engine.journey import Act, Decision
from leads.models import Handoff, LeadEvent
from leads.services import acts, deals
from leads.services.acts import Scene
from leads.services.offers import new_cycle

# Journal kind that closed a cycle -> the verb whose right is asked for.
CLOSED_BY = {
    "rejected": "reject", "withdrawn": "withdraw", "disqualified": "disqualify", "recycled": "recycle",
    "won": "win", "lost": "lose",
}  # fmt: skip


@transaction.atomic
def reopen(handoff: Handoff, *, by: User, note: str = "", at: datetime | None = None) -> Handoff:
    """Open a successor of the lead's newest, closed cycle. The old one and its clocks stay as they are."""
    scene = acts.enter(handoff.lead_id, by=by, at=at, handoff=handoff)
    old, standing = scene.row, standing_of(by)
    newest = scene.lead.handoffs.order_by("-cycle").first()
    if old.is_open or newest is None or newest.pk != old.pk:
        raise Conflict("Only the newest, closed handoff of a lead can be reopened.", state=old.status)
    cycle = scene.journey.cycle
    authority.may_try(CLOSED_BY[old.status], standing, cycle)
    authority.may_hold(CLOSED_BY[old.status], standing, cycle)
    act = Act(
        "reopen", scene.at, by.pk, person=_holder_again(old), resumes_as=_status_before(old),
        data={"follows": old.pk, **_offer_facts(old)},
    )  # fmt: skip
    decision = lifecycle.decide(scene.journey, act)
    return _write(scene, old, decision, note)


def _write(scene: Scene, old: Handoff, decision: Decision, note: str) -> Handoff:
    successor = new_cycle(scene, old.qualification, old.team, old.cycle + 1)
    successor.follows = old
    successor.brief = old.brief
    successor.save(update_fields=["follows", "brief"])
    scene.handoff = successor
    acts.write(scene, decision, note=note)
    if successor.status == Handoff.Status.QUALIFIED or old.deal_leads.exists():
        deals.reopen(old, successor, at=scene.at)
    return successor


def _status_before(old: Handoff) -> str:
    closing = LeadEvent.objects.filter(handoff=old, kind=old.status).order_by("-id").first()
    before = closing.data.get("from", "offered") if closing else "offered"
    return "offered" if before == "returned" else str(before)


def _holder_again(old: Handoff) -> int | None:
    """The former holder, unless they have left: then the pool (D02)."""
    return old.holder_id if old.holder and old.holder.is_active else None


def _offer_facts(old: Handoff) -> dict[str, Any]:
    return {
        "raised_at": old.raised_at.isoformat(),
        "basis": old.basis,
        "motion": old.motion,
        "hand_raise": old.qualification.hand_raise,
        "grade": old.qualification.grade,
    }
