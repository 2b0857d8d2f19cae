"""What the machine does with a lead that lies too long: open it to the team, give it to the next, or to the pool.

Each raises Conflict where the state forbids it or nobody is there; then nothing is written. `why` goes into the
journal: a reason key and numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.refusals import Conflict
from leads.models import Handoff
from leads.services import routing
from leads.services.acts import Scene, perform

Codes = Mapping[str, Any]


def open_to_team(handoff: Handoff, *, why: Codes, at: datetime) -> Handoff:
    """From now on anyone of its team may claim it from its holder."""
    return perform(handoff, "takeover", by=None, at=at, build=lambda scene: {"data": why})


def give_to_next(handoff: Handoff, *, why: Codes, at: datetime) -> Handoff:
    """To the next person of its team who is there, by turns, whatever the team's routing is."""

    def build(scene: Scene) -> dict[str, Any]:
        _refuse_while_asked(scene.row)
        team = scene.row.team
        person = routing.next_person(team, scene.at, besides=scene.row.holder_id) if team else None
        if team is None or person is None:
            raise Conflict(f"Nobody else of {team or 'a team'} is free.", state=scene.row.status)
        return {"team": team.pk, "person": person.pk, "data": why}

    return perform(handoff, "reassign", by=None, at=at, build=build)


def return_to_pool(handoff: Handoff, *, why: Codes, at: datetime) -> Handoff:
    """Nobody holds it; whoever of its team is first does."""

    def build(scene: Scene) -> dict[str, Any]:
        _refuse_while_asked(scene.row)
        if scene.row.holder_id is None:
            raise Conflict("It lies in the pool already.", state=scene.row.status)
        return {"team": scene.row.team_id, "person": None, "data": why}

    return perform(handoff, "reassign", by=None, at=at, build=build)


def _refuse_while_asked(handoff: Handoff) -> None:
    if handoff.status == Handoff.Status.RETURNED:
        raise Conflict("It waits for marketing's answer.", state=handoff.status)
