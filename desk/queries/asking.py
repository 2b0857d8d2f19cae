"""What a dialog shows besides its form: what is known that helps to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from common.moments import database_now
from desk.queries.lead import brief_changed
from desk.queries.missing import label_of
from leads.models import Handoff
from leads.services.reopening import ended_with


def asking(handoff: Handoff, slug: str, by: User) -> dict[str, Any]:
    """The extra context of one act's dialog."""
    if slug == "accept":
        return _brief(handoff, by)
    extra = EXTRAS.get(slug)
    return extra(handoff) if extra else {}


def _brief(handoff: Handoff, by: User) -> dict[str, Any]:
    """The newest wording of what the buyer was promised; accepting acknowledges it."""
    brief = handoff.brief
    if brief is None:
        return {}
    changed = brief_changed(brief, by.pk)
    return {"brief": brief.campaign.briefs.first() if changed else brief, "brief_changed": changed}


def _version(handoff: Handoff) -> dict[str, Any]:
    return {"version": handoff.qualification.version}


def _missing(handoff: Handoff) -> dict[str, Any]:
    return {"asked_for": [label_of(name) for name in handoff.missing_fields]}


def _will_accept(handoff: Handoff) -> dict[str, Any]:
    phone = handoff.lead.phones.order_by("-is_primary").first()
    return {"accepts": handoff.status in ("offered", "returned"), "phone": phone, "now": database_now()}


def _reopened(handoff: Handoff) -> dict[str, Any]:
    """What opens again with it."""
    deals = handoff.deals.filter(closed_at=handoff.closed_at) if handoff.closed_at else handoff.deals.none()
    return {"deal": deals.first(), "together": len(ended_with(handoff))}


EXTRAS: dict[str, Callable[[Handoff], dict[str, Any]]] = {
    "reject": _version,
    "reopen": _reopened,
    "resupply": _missing,
    "log": _will_accept,
}
