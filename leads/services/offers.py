"""Offering a lead to sales: one qualification becomes one open cycle."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Team, User
from common.refusals import Conflict, Invalid
from leads.engine import authority, lifecycle
from leads.engine.journey import Act
from leads.models import Assignment, BriefVersion, Handoff, Lead, Qualification
from leads.queries import contact_forbidden
from leads.services import acts, routing
from leads.services.acts import Scene
from leads.services.routing import Placement


@transaction.atomic
def offer(
    lead: Lead,
    *,
    by: User | None,
    team: Team | None = None,
    person: User | None = None,
    at: datetime | None = None,
) -> Handoff:
    """Offer a lead to a team, pool or person; without either, routing chooses.

    Raises NotAllowed (not marketing), Conflict (no MQL, or an open cycle), Invalid (consent, nobody to take it).
    """
    scene = acts.enter(lead.pk, by=by, at=at)
    return offer_in(scene, team=team, person=person)


def offer_in(scene: Scene, *, team: Team | None = None, person: User | None = None) -> Handoff:
    """The same, for a lead that the caller holds locked."""
    if scene.standing is not None:
        authority.may_try("offer", scene.standing, None)
    qualification = scene.lead.qualifications.order_by("-at", "-id").first()
    raised = qualification is not None and qualification.hand_raise
    lifecycle.decide(
        scene.journey, Act("offer", scene.at, hand_raise=raised)
    )  # refuses before anybody's turn is taken
    if qualification is None:
        raise Conflict("Only an MQL can be offered to sales.")
    if not raised and (why := contact_forbidden(scene.lead)):
        raise Invalid({"lead": why})
    placement = routing.choose(scene.lead, qualification, at=scene.at, team=team, person=person)
    return _open_cycle(scene, qualification, placement)


def _open_cycle(scene: Scene, qualification: Qualification, placement: Placement) -> Handoff:
    act = Act(
        "offer", scene.at, scene.by.pk if scene.by else None, team=placement.team.pk,
        person=placement.person.pk if placement.person else None, hand_raise=qualification.hand_raise,
        data={
            "raised_at": qualification.raised_at.isoformat(), "basis": qualification.basis,
            "motion": qualification.motion, "hand_raise": qualification.hand_raise, "grade": qualification.grade,
        },
    )  # fmt: skip
    decision = lifecycle.decide(scene.journey, act)
    number = scene.handoff.cycle + 1 if scene.handoff else 1
    scene.handoff = new_cycle(scene, qualification, placement.team, number)
    acts.write(scene, decision)
    Assignment.objects.filter(handoff=scene.handoff, until_at=None).update(
        why=placement.why[:200], cover_for=placement.cover_for
    )
    return scene.handoff


def new_cycle(scene: Scene, qualification: Qualification, team: Team | None, number: int) -> Handoff:
    """The row of a new cycle; the decision that opened it fills the rest."""
    return Handoff.objects.create(
        lead=scene.lead,
        qualification=qualification,
        cycle=number,
        team=team,
        basis=qualification.basis,
        motion=qualification.motion,
        trigger=qualification.trigger,
        raised_at=qualification.raised_at,
        brief=_brief_seen(scene.lead, qualification),
        offered_at=scene.at,
    )


def _brief_seen(lead: Lead, qualification: Qualification) -> BriefVersion | None:
    """What the buyer was promised: the brief in force at the touch that caused this, else the lead's campaign's."""
    trigger = qualification.trigger
    campaign = trigger.campaign_id if trigger and trigger.campaign_id else lead.campaign_id
    return (
        BriefVersion.objects.filter(campaign=campaign, published_at__lte=qualification.at)
        .order_by("-number")
        .first()
        if campaign
        else None
    )
