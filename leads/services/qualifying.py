"""Qualifying: sales confirms the need, and a deal opens or is joined."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from leads.models import Deal, Handoff
from leads.services import deals
from leads.services.acts import Scene, perform
from leads.services.deals import Terms


def qualify(
    handoff: Handoff, *, by: User, deal: Deal | None = None, terms: Terms | None = None, note: str = "",
    at: datetime | None = None,
) -> Handoff:  # fmt: skip
    """Make it an SQL: join `deal`, or open a new one on `terms`. Raises Invalid for another company's deal."""

    def build(scene: Scene) -> dict[str, Any]:
        if scene.row.status != Handoff.Status.ACCEPTED:
            return {}
        if deal is not None:
            joined = deals.join(scene.row, deal, at=scene.at)
        else:
            joined = _kept(scene) or deals.open_for(scene.row, terms or Terms(), at=scene.at)
        return {"data": {"deal": joined.pk}}

    return perform(handoff, "qualify", by=by, at=at, note=note, build=build)


def _kept(scene: Scene) -> Deal | None:
    """A send back leaves the deal open; qualifying again goes on with it."""
    return scene.row.deals.filter(outcome=Deal.Outcome.OPEN).first()
