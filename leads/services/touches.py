"""Recording touches. A hand raise always reaches a person; any other touch may make an MQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from common import outbox
from common.refusals import Conflict, Invalid
from leads.engine.journey import DISQUALIFIED, RECYCLED
from leads.facts import facts_of
from leads.models import Campaign, ExternalId, Lead, Qualification, Touch, TouchKind
from leads.models.qualification import Basis
from leads.services import acts, judging, meetings, offers
from leads.services.acts import Scene
from leads.services.meetings import Booking

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
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
    booking: Booking | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The touch, and whether this call made it."""

    touch: Touch
    created: bool


@transaction.atomic
def record(lead: Lead, seen: Interaction, *, by: User | None = None, at: datetime | None = None) -> Recorded:
    """Record one interaction; the same external id again changes nothing.

    A booking that comes too late, or names somebody who does not sell, costs no hand raise: the touch tells of it.
    Raises Invalid for a time in the future or before 1970, Conflict where the external id is another lead's.
    `at` is given only by tests.
    """
    scene = acts.enter(lead.pk, by=by, at=at)
    recorded = _known(scene, seen)
    if recorded is not None:
        return recorded
    _refuse_impossible(seen.happened_at, scene.at)
    if seen.booking is not None and not seen.kind.hand_raise:
        raise Invalid({"meeting_at": "Only a hand raise books a meeting."})
    seen = _keepable(scene, seen)
    recorded = _store_once(scene, seen)
    if recorded.created and seen.kind.hand_raise:
        _raise_hand(scene, recorded.touch, seen.booking)
    elif recorded.created:
        judging.judge_one(scene, recorded.touch)
    return recorded


def _known(scene: Scene, seen: Interaction) -> Recorded | None:
    """The touch that has this external id already. Raises Conflict where another lead did it."""
    if not seen.external_id:
        return None
    named = ExternalId.objects.filter(system=seen.system, kind=ExternalId.Kind.TOUCH, value=seen.external_id)
    touch = Touch.objects.filter(external_ids__in=named).select_related("lead").first()
    if touch is None:
        return None
    if scene.lead.pk not in (touch.lead_id, touch.lead.merged_into_id):
        raise Conflict(f"A touch of another lead has the external id “{seen.external_id}”.")
    return Recorded(touch, False)


def _refuse_impossible(happened_at: datetime | None, now: datetime) -> None:
    if happened_at is not None and happened_at > now + AHEAD:
        raise Invalid({"at": "A touch cannot lie in the future."})
    if happened_at is not None and happened_at < EARLIEST:
        raise Invalid({"at": "A touch cannot lie before 1970."})


def _keepable(scene: Scene, seen: Interaction) -> Interaction:
    """Without a booking that nobody can keep; the detail then begins with why, so that the rep reads it too."""
    why = seen.booking.obstacle(scene.at) if seen.booking else ""
    return replace(seen, booking=None, detail=f"{why} {seen.detail}".strip()) if why else seen


def _store_once(scene: Scene, seen: Interaction) -> Recorded:
    """Two leads may arrive with one external id at once, and no lock but its own row is common to both."""
    try:
        with transaction.atomic():
            return Recorded(_store(scene, seen), True)
    except IntegrityError:
        recorded = _known(scene, seen)
        if recorded is None:
            raise
        return recorded


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


def _raise_hand(scene: Scene, touch: Touch, booking: Booking | None) -> None:
    """Domain section 3: fit never blocks it, consent does not either, and somebody is told at once.

    A booked meeting answers it in the same moment: an open cycle is not raised again by it.
    """
    person, scene.by, scene.standing = (
        scene.by,
        None,
        None,
    )  # what follows is the rule's act, not the recorder's
    is_open = scene.handoff is not None and scene.handoff.is_open
    if booking is not None:
        if not is_open:
            _qualify_and_offer(scene, touch, booking.person)
        meetings.book_by_buyer(scene, touch, booking)
    elif scene.handoff is not None and is_open:
        scene.handoff.raised_again_at = scene.at
        scene.handoff.save(update_fields=["raised_again_at"])
        acts.decide_and_write(scene, "raise_again", build=lambda scene: {"data": {"touch": touch.pk}})
    else:
        _qualify_and_offer(scene, touch)
    scene.by = person


def _qualify_and_offer(scene: Scene, touch: Touch, person: User | None = None) -> None:
    if scene.lead.stage in (RECYCLED, DISQUALIFIED):
        acts.decide_and_write(scene, "wake", build=lambda scene: {"data": {"touch": touch.pk}})
    qualification = _qualified_by_hand_raise(scene, touch)
    try:
        with transaction.atomic():
            offers.offer_in(scene, person=person)
    except Invalid:
        if person is not None:
            raise
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
