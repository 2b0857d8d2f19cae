"""Recording touches. A hand raise always reaches a person; any other touch may make an MQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from common import outbox
from common.refusals import Invalid
from leads.engine.journey import DISQUALIFIED, RECYCLED
from leads.facts import facts_of
from leads.models import Campaign, ExternalId, Lead, Qualification, Touch, TouchKind
from leads.models.qualification import Basis
from leads.services import acts, judging, offers
from leads.services.acts import Scene

AHEAD = timedelta(minutes=5)  # how far another system's clock may run before ours


@dataclass(frozen=True, slots=True)
class Interaction:
    """What a lead did: its kind, the campaign it belongs to, and its own time (empty: now)."""

    kind: TouchKind
    campaign: Campaign | None = None
    happened_at: datetime | None = None
    detail: str = ""
    external_id: str = ""
    system: str = "import"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The touch, and whether this call made it."""

    touch: Touch
    created: bool


@transaction.atomic
def record(lead: Lead, seen: Interaction, *, by: User | None = None, at: datetime | None = None) -> Recorded:
    """Record one interaction; the same external id again changes nothing.

    Raises Invalid for a time in the future. `at` is given only by tests.
    """
    scene = acts.enter(lead.pk, by=by, at=at)
    known = _known(seen)
    if known is not None:
        return Recorded(known, False)
    if seen.happened_at is not None and seen.happened_at > scene.at + AHEAD:
        raise Invalid({"at": "A touch cannot lie in the future."})
    touch = _store(scene, seen)
    if seen.kind.hand_raise:
        _raise_hand(scene, touch)
    else:
        judging.judge_one(scene, touch)
    return Recorded(touch, True)


def _known(seen: Interaction) -> Touch | None:
    if not seen.external_id:
        return None
    named = ExternalId.objects.filter(system=seen.system, kind=ExternalId.Kind.TOUCH, value=seen.external_id)
    found = named.select_related("touch").first()
    return found.touch if found else None


def _store(scene: Scene, seen: Interaction) -> Touch:
    touch = Touch.objects.create(
        lead=scene.lead,
        kind=seen.kind,
        campaign=seen.campaign,
        at=seen.happened_at or scene.at,
        recorded_at=scene.at,
        detail=seen.detail[:500],
    )
    if seen.external_id:
        ExternalId.objects.create(
            system=seen.system, kind=ExternalId.Kind.TOUCH, value=seen.external_id, touch=touch
        )
    return touch


def _raise_hand(scene: Scene, touch: Touch) -> None:
    """Domain section 3: fit never blocks it, consent does not either, and somebody is told at once."""
    person, scene.by, scene.standing = (
        scene.by,
        None,
        None,
    )  # what follows is the rule's act, not the recorder's
    if scene.handoff is not None and scene.handoff.is_open:
        scene.handoff.raised_again_at = scene.at
        scene.handoff.save(update_fields=["raised_again_at"])
        acts.decide_and_write(scene, "raise_again", build=lambda scene: {"data": {"touch": touch.pk}})
    else:
        _qualify_and_offer(scene, touch)
    scene.by = person


def _qualify_and_offer(scene: Scene, touch: Touch) -> None:
    if scene.lead.stage in (RECYCLED, DISQUALIFIED):
        acts.decide_and_write(scene, "wake", build=lambda scene: {"data": {"touch": touch.pk}})
    qualification = _qualified_by_hand_raise(scene, touch)
    try:
        with transaction.atomic():
            offers.offer_in(scene)
    except Invalid:
        # No sales team can take it yet: the qualification stands, and the managers are told to place it.
        payload = {"lead": scene.lead.pk, "touch": touch.pk}
        outbox.leave("hand_raise.unplaced", qualification.pk, at=scene.at, payload=payload)


def _qualified_by_hand_raise(scene: Scene, touch: Touch) -> Qualification:
    """With the active definition's findings, where there is one: the mark of fit is shown, not asked for."""
    version = judging.active_version()
    judgement = None
    if version is not None:
        lead = Lead.objects.select_related("company").get(pk=scene.lead.pk)
        judgement = judging.judge_by(version, facts_of([lead], scene.at)[lead.pk])
    return judging.store(scene, basis=Basis.HAND_RAISE, judgement=judgement, trigger=touch)
