"""What sales and marketing do with one open handoff. Each function is one verb of domain section 3.

Every one raises NotAllowed (403), Conflict (409: the state forbids it, or someone was first) or Invalid (422);
then nothing is written. `at` is given only by tests and by history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Membership, Team, User
from common import outbox
from common.refusals import Invalid
from leads.models import Handoff
from leads.services import asking, briefs, reasons, routing
from leads.services.acts import Scene, perform
from leads.services.attempts import log_attempt
from leads.services.closing import disqualify, lose, recycle, win
from leads.services.known import NOT_SAID, Known
from leads.services.known import keep as keep_known
from leads.services.offers import offer
from leads.services.passing import pass_on, send_back, take
from leads.services.pauses import pause, resume
from leads.services.qualifying import qualify
from leads.services.reopening import reopen

__all__ = [
    "accept", "claim", "disqualify", "log_attempt", "lose", "offer", "pass_on", "pause", "qualify", "reassign",
    "recycle", "redirect", "reject", "reopen", "resume", "resupply", "return_for_info", "send_back", "take",
    "win", "withdraw",
]  # fmt: skip


def accept(handoff: Handoff, *, by: User, at: datetime | None = None) -> Handoff:
    """Sales takes the lead. In the pool whoever is first holds it. The brief that stands on it counts as read."""

    def build(scene: Scene) -> dict[str, Any]:
        briefs.read(scene.row.brief, by=by, at=scene.at)
        return {}

    return perform(handoff, "accept", by=by, at=at, build=build)


def claim(handoff: Handoff, *, by: User, at: datetime | None = None) -> Handoff:
    """Take a lead of the team's pool, or one that its holder let lie, without answering yet."""

    def build(scene: Scene) -> dict[str, Any]:
        if scene.row.takeover_at is not None and scene.row.holder_id != by.pk:
            taken = {"from": scene.row.holder_id, "by": by.pk}
            outbox.leave("handoff.taken_over", scene.row.pk, at=scene.at, payload=taken)
        return {}

    return perform(handoff, "claim", by=by, at=at, build=build)


def reject(
    handoff: Handoff,
    *,
    by: User,
    reason: str,
    criterion: str = "",
    known: Known = NOT_SAID,
    note: str = "",
    at: datetime | None = None,
) -> Handoff:
    """Judge the handoff as wrong, before any contact. The reason says what happens to the lead.

    `known` says to which deal or colleague a buyer belongs that is known already.
    """

    def build(scene: Scene) -> dict[str, Any]:
        chosen = reasons.chosen("reject", reason, note=note)
        _refuse_unknown_criterion(scene.row, criterion)
        reasons.keep(scene.handoff, chosen, criterion=criterion)
        next_step = chosen.next_step if chosen else ""
        data = {"reason": reason, "criterion": criterion} | keep_known(scene, chosen, known)
        return {"next_step": next_step, "data": data}

    return perform(handoff, "reject", by=by, at=at, note=note, build=build)


def _refuse_unknown_criterion(handoff: Handoff, criterion: str) -> None:
    """Only what was found when the lead qualified can be pointed at; of history nothing was."""
    if criterion and not handoff.qualification.findings.filter(path=criterion).exists():
        raise Invalid({"criterion": "This is no criterion by which the lead qualified."})


def redirect(
    handoff: Handoff, *, by: User, team: Team | None = None, person: User | None = None, reason: str = "",
    note: str = "", at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """Hand an unanswered lead to where it belongs. Not a rejection; the third goes to the sales manager."""

    def build(scene: Scene) -> dict[str, Any]:
        if scene.row.status != Handoff.Status.OFFERED:
            return {}
        reasons.chosen("redirect", reason, note=note, required=False)
        data = {"reason": reason} if reason else {}
        if scene.row.redirects >= 2:
            return {"manager": manager_of(scene.row.team), "data": data}
        place = routing.choose(scene.lead, scene.row.qualification, at=scene.at, team=team, person=person)
        if place.team.pk == scene.row.team_id and place.person in (None, scene.row.holder):
            raise Invalid({"team": "The lead is there already. Choose another team or person."})
        return {"team": place.team.pk, "person": place.person.pk if place.person else None, "data": data}

    return perform(handoff, "redirect", by=by, at=at, note=note, build=build)


def return_for_info(
    handoff: Handoff, *, by: User, reason: str = "", missing: Sequence[str] = (), note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """Ask marketing for what is missing; the answer clock waits."""

    def build(scene: Scene) -> dict[str, Any]:
        reasons.chosen("return", reason, note=note, required=not missing)
        asking.refuse_unknown(missing)
        if scene.handoff is not None:
            scene.handoff.missing_fields = list(missing)
            scene.handoff.save(update_fields=["missing_fields"])
        return {"data": {"reason": reason, "fields": list(missing)}}

    return perform(handoff, "return", by=by, at=at, note=note, build=build)


def resupply(handoff: Handoff, *, by: User, note: str = "", at: datetime | None = None) -> Handoff:
    """Marketing has filled what was missing; the answer clock runs on."""
    return perform(handoff, "resupply", by=by, at=at, note=note)


def withdraw(
    handoff: Handoff, *, by: User, reason: str = "", note: str = "", at: datetime | None = None
) -> Handoff:
    """Marketing takes an unanswered offer back; the lead stays an MQL."""

    def build(scene: Scene) -> dict[str, Any]:
        chosen = reasons.chosen("withdraw", reason, note=note, required=False)
        reasons.keep(scene.handoff, chosen)
        return {"data": {"reason": reason} if reason else {}}

    return perform(handoff, "withdraw", by=by, at=at, note=note, build=build)


def reassign(
    handoff: Handoff, *, by: User, team: Team | None = None, person: User | None = None, note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """A manager gives an open handoff to another person, or to another team."""

    def build(scene: Scene) -> dict[str, Any]:
        target = team or scene.row.team
        if person is None:
            if team is not None:
                routing.refuse_other_side(team)
            return {"team": target.pk if target else None, "person": None}
        stays = (
            target is not None and target.memberships.filter(user=person, role__in=routing.SELLERS).exists()
        )
        place = routing.choose(
            scene.lead,
            scene.row.qualification,
            at=scene.at,
            team=team or (target if stays else None),
            person=person,
        )
        return {"team": place.team.pk, "person": place.person.pk if place.person else None}

    return perform(handoff, "reassign", by=by, at=at, note=note, build=build)


def manager_of(team: Team | None) -> int | None:
    """The sales manager who answers what was redirected too often."""
    found = Membership.objects.filter(team=team, role=Membership.Role.SALES_MANAGER, user__is_active=True)
    return found.order_by("pk").values_list("user_id", flat=True).first()
