"""Rows that a body names: by public id, by external id, by name. What is not there is a wrong field (422)."""

from __future__ import annotations

from accounts.models import Team, User
from accounts.queries import as_uuid, person_by, team_by
from common.refusals import Invalid
from leads.access import deal_known_as, deals_for, lead_known_as, leads_for
from leads.engine.identity import email_key
from leads.models import Campaign, Deal, Lead, TouchKind
from leads.queries_catalogue import touch_kind_by
from leads.services.records import campaign_by


def lead_named(user: User, name: str, *, field: str = "lead") -> Lead:
    """By public id, else by external id; a merged lead is the one it was merged into."""
    public_id = as_uuid(name)
    found = leads_for(user).filter(public_id=public_id).first() if public_id else None
    return _surviving(found or lead_known_as(user, name), f"There is no lead “{name}”.", field)


def lead_told(user: User, said: dict[str, str]) -> Lead:
    """The lead of a touch: by `lead`, `lead_external_id` or `email`, the first that is given and known."""
    if said.get("lead"):
        return lead_named(user, said["lead"])
    external, email = said.get("lead_external_id", ""), said.get("email", "")
    field = "lead_external_id" if external else "email"
    found = lead_known_as(user, external) if external else None
    if found is None and email:
        found = leads_for(user).filter(emails__key=email_key(email)).first()
    missing = f"There is no lead “{external or email}”." if external or email else "Say whose touch it is."
    return _surviving(found, missing, field)


def team_named(name: str) -> Team | None:
    return team_by(name) if name else None


def owner_named(name: str) -> User | None:
    return person_by(name) if name else None


def campaign_named(name: str) -> Campaign | None:
    return campaign_by(name) if name else None


def kind_named(key: str) -> TouchKind:
    found = touch_kind_by(key)
    if found is None:
        raise Invalid({"kind": f"There is no kind of touch “{key}”."})
    return found


def deal_named(user: User, name: str) -> Deal | None:
    """By public id, else by external id."""
    if not name:
        return None
    public_id = as_uuid(name)
    found = deals_for(user).filter(public_id=public_id).first() if public_id else None
    deal = found or deal_known_as(user, name)
    if deal is None:
        raise Invalid({"deal": f"There is no deal “{name}”."})
    return deal


def _surviving(lead: Lead | None, missing: str, field: str) -> Lead:
    if lead is None:
        raise Invalid({field: missing})
    return lead.merged_into if lead.merged_into is not None else lead
