"""From setter to closer and back (SDR to AE)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Team, User
from common.refusals import Invalid
from leads.models import Handoff
from leads.services import reasons, routing
from leads.services.acts import Scene, perform


def pass_on(
    handoff: Handoff, *, by: User, team: Team | None = None, person: User | None = None, note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """The setter gives a qualified lead to a closer; the take clock starts."""

    def build(scene: Scene) -> dict[str, Any]:
        holding = scene.row.team
        target = team or (holding.passes_to if holding else None)
        if target is None and person is None:
            raise Invalid({"team": "Name the closer's team or the closer."})
        place = routing.choose(scene.lead, scene.row.qualification, at=scene.at, team=target, person=person)
        return {"team": place.team.pk, "person": place.person.pk if place.person else None}

    return perform(handoff, "pass", by=by, at=at, note=note, build=build)


def take(handoff: Handoff, *, by: User, at: datetime | None = None) -> Handoff:
    """The closer takes what was passed."""
    return perform(handoff, "take", by=by, at=at)


def send_back(
    handoff: Handoff, *, by: User, reason: str, note: str = "", at: datetime | None = None
) -> Handoff:
    """The closer gives it back to the setter, with a reason; it is an accepted lead again."""

    def build(scene: Scene) -> dict[str, Any]:
        chosen = reasons.chosen("send_back", reason, note=note)
        return {"data": {"reason": chosen.key if chosen else ""}}

    return perform(handoff, "send_back", by=by, at=at, note=note, build=build)
