"""What a dialog shows besides its form: what is known that helps to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from common.database.moments import database_now
from desk.queries.effects import effects
from desk.queries.lead import brief_changed
from desk.queries.missing import label_of
from leads.models import Handoff, LeadEvent
from leads.queries import contact_forbidden
from leads.services.reopening import ended_with, status_before
from sla.engine.reading import reopened

# By the row of the table that a reopening is.
STARTS_AGAIN = {
    "reopened as an offer": "answer and first response start", "reopened as accepted": "outcome starts",
}  # fmt: skip


def asking(handoff: Handoff, slug: str, by: User) -> dict[str, Any]:
    """The extra context of one act's dialog."""
    said = effects(slug, handoff, database_now())
    foot = {"foot": said} if said else {}
    if slug == "accept":
        return foot | _brief(handoff, by)
    extra = EXTRAS.get(slug)
    return foot | extra(handoff) if extra else foot


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
    asked = handoff.missing_fields
    return {"asked_for": [label_of(name) for name in asked], "unchanged": bool(asked) and _unchanged(handoff)}


def _unchanged(handoff: Handoff) -> bool:
    """Nothing of what is recorded about the lead came since it was returned; a company is not told from here."""
    lead, asked = handoff.lead, {name.rpartition(".")[2] for name in handoff.missing_fields}
    returned = handoff.events.filter(kind=LeadEvent.Kind.RETURNED).order_by("-at", "-pk").first()
    if returned is None or "company" in asked or any("company." in name for name in handoff.missing_fields):
        return False
    has_phone = "phone" in asked and lead.phones.exists()
    return not has_phone and not lead.changes.filter(at__gt=returned.at).exists()


def _will_accept(handoff: Handoff) -> dict[str, Any]:
    phone = handoff.lead.phones.order_by("-is_primary").first()
    return {
        "accepts": handoff.status in ("offered", "returned"),
        "responds": handoff.first_response_at is None,
        "phone": phone,
        "forbidden": contact_forbidden(handoff.lead),
        "now": database_now(),
    }


def _reopened(handoff: Handoff) -> dict[str, Any]:
    """What opens again with it, and which clocks start."""
    deals = handoff.deals.filter(closed_at=handoff.closed_at) if handoff.closed_at else handoff.deals.none()
    words = f"A new cycle begins where the closed one left off: {_starts_again(handoff)}. Clocks of the old one stay."
    return {"deal": deals.first(), "together": len(ended_with(handoff)), "foot": words}


def _starts_again(handoff: Handoff) -> str:
    return STARTS_AGAIN.get(reopened(status_before(handoff), handoff.status), "no clock starts")


def _asked_for_a_person(handoff: Handoff) -> bool:
    """When the lead was offered, or since."""
    again = LeadEvent.objects.filter(handoff=handoff, kind=LeadEvent.Kind.RAISED_AGAIN)
    return handoff.qualification.hand_raise or again.exists()


def _waits(handoff: Handoff) -> dict[str, Any]:
    """What a return does to the clocks: a buyer who asked for a person keeps waiting."""
    waits = "answer, first response runs on" if _asked_for_a_person(handoff) else "answer and first response"
    return {"foot": f"Pauses {waits}. Marketing's rework clock starts."}


EXTRAS: dict[str, Callable[[Handoff], dict[str, Any]]] = {
    "reject": _version,
    "reopen": _reopened,
    "resupply": _missing,
    "log": _will_accept,
    "return": _waits,
}
