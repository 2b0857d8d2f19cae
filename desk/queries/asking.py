"""What a dialog shows besides its form: what is known that helps to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.moments import database_now
from desk.queries.lead import brief_changed
from desk.queries.missing import label_of
from leads.models import Handoff


def asking(handoff: Handoff, slug: str) -> dict[str, Any]:
    """The extra context of one act's dialog."""
    extra = EXTRAS.get(slug)
    return extra(handoff) if extra else {}


def _brief(handoff: Handoff) -> dict[str, Any]:
    """The newest wording of what the buyer was promised; accepting acknowledges it."""
    brief = handoff.brief
    if brief is None:
        return {}
    newest = brief.campaign.briefs.first() if brief_changed(brief) else brief
    return {"brief": newest, "brief_changed": newest != brief}


def _version(handoff: Handoff) -> dict[str, Any]:
    return {"version": handoff.qualification.version}


def _missing(handoff: Handoff) -> dict[str, Any]:
    return {"asked_for": [label_of(name) for name in handoff.missing_fields]}


def _will_accept(handoff: Handoff) -> dict[str, Any]:
    phone = handoff.lead.phones.order_by("-is_primary").first()
    return {"accepts": handoff.status in ("offered", "returned"), "phone": phone, "now": database_now()}


EXTRAS: dict[str, Callable[[Handoff], dict[str, Any]]] = {
    "accept": _brief,
    "reject": _version,
    "resupply": _missing,
    "log": _will_accept,
}
