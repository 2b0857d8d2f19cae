"""Mending a wrong answer: a new cycle in the state that the closing verb left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common.refusals import Conflict
from leads.engine import authority, lifecycle
from leads.engine.journey import Act
from leads.models import Handoff, LeadEvent
from leads.services import acts, deals
from leads.services.acts import Scene
from leads.services.offers import new_cycle

# Journal kind that closed a cycle -> the verb whose right is asked for.
CLOSED_BY = {
    "rejected": "reject", "withdrawn": "withdraw", "disqualified": "disqualify", "recycled": "recycle",
    "won": "win", "lost": "lose",
}  # fmt: skip


OF_A_DEAL = ("won", "lost")


@transaction.atomic
def reopen(handoff: Handoff, *, by: User, note: str = "", at: datetime | None = None) -> Handoff:
    """Undo the end of the lead's newest cycle: a successor opens, and one for each cycle that ended with its deal.

    The deal and its company go back to what they were. The old cycles and their clocks stay as they are.
    """
    together = ended_with(handoff)
    acts.lock([handoff.lead_id, *(other.lead_id for other in together)])  # all at once, in key order (D13)
    scene = acts.enter(handoff.lead_id, by=by, at=at, handoff=handoff)
    old, standing, cycle = scene.row, standing_of(by), scene.journey.cycle
    if old.is_open or not _is_newest(scene) or ended_with(old) != together:
        raise Conflict("Only the newest, closed handoff of a lead can be reopened.", state=old.status)
    authority.may_try(CLOSED_BY[old.status], standing, cycle)
    acts.may_hold(scene, CLOSED_BY[old.status])
    ended = _end_of(old)
    successor = _again(scene, note)
    deals.reopen(old, ended.data if ended else {}, at=scene.at)
    for other in together:
        beside = acts.enter(other.lead_id, by=None, at=scene.at, handoff=other)
        beside.by = by
        if _untouched(beside):
            _again(beside)
    return successor


def _again(scene: Scene, note: str = "") -> Handoff:
    """A new cycle in place of the one that ended, in the state that its end left."""
    old = scene.row
    act = Act(
        "reopen", scene.at, scene.by.pk if scene.by else None, person=_holder_again(old),
        resumes_as=status_before(old), data={"follows": old.pk, **_offer_facts(old)},
    )  # fmt: skip
    decision = lifecycle.decide(scene.journey, act)
    successor = new_cycle(scene, old.qualification, old.team, old.cycle + 1)
    successor.follows = old
    successor.brief = old.brief
    successor.save(update_fields=["follows", "brief"])
    scene.handoff = successor
    acts.write(scene, decision, note=note)
    if old.status != Handoff.Status.REJECTED:
        deals.follow(old, successor, at=scene.at)
    return successor


def _end_of(handoff: Handoff) -> LeadEvent | None:
    return LeadEvent.objects.filter(handoff=handoff, kind__in=CLOSED_BY).order_by("-id").first()


def ended_with(handoff: Handoff) -> list[Handoff]:
    """Cycles of other leads that the same win or loss of a deal closed."""
    end = _end_of(handoff)
    if end is None or end.kind not in OF_A_DEAL or not end.data.get("deal"):
        return []
    same = LeadEvent.objects.filter(kind=end.kind, at=end.at, data__deal=end.data["deal"])
    others = Handoff.objects.filter(pk__in=same.values("handoff"))
    return list(others.exclude(lead=handoff.lead_id).order_by("lead_id"))


def _untouched(scene: Scene) -> bool:
    """Whether nothing newer happened to the lead since that would forbid to reopen its cycle."""
    lead, ended_at = scene.lead, scene.row.closed_at
    gone = lead.merged_into_id is not None or lead.anonymised_at is not None
    return not gone and _is_newest(scene) and ended_at is not None and lead.stage_at <= ended_at


def _is_newest(scene: Scene) -> bool:
    return scene.lead.handoffs.order_by("-cycle").values_list("pk", flat=True).first() == scene.row.pk


def status_before(old: Handoff) -> str:
    """What comes again when this closed cycle is reopened."""
    end = _end_of(old)
    before = end.data.get("from", "offered") if end else "offered"
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
