"""Whom a lead that is known already may belong to: the deals and people of its company, else any colleague."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import Membership, User
from common.templatetags.words import money
from leads.models import Deal, Handoff, Lead
from leads.services.routing import SELLERS

DEALS = 10
Choice = tuple[str, str]


def belongs_to(lead: Lead) -> list[Choice]:
    """The open deals of its company, then those that are won, then who owns or works it."""
    if lead.company is None:
        return []
    deals = lead.company.deals.exclude(outcome=Deal.Outcome.LOST).select_related("owner")
    found = [
        (f"deal:{deal.public_id}", _called(deal)) for deal in deals.order_by("outcome", "-opened_at")[:DEALS]
    ]
    return found + [(f"person:{one.public_id}", _works(one, lead)) for one in _people(lead)]


def colleagues(lead: Lead) -> list[Choice]:
    """Everybody else who sells."""
    near = {one.pk for one in _people(lead)}
    seats = Membership.objects.filter(role__in=SELLERS, user__is_active=True, team__is_active=True)
    people = User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=near).order_by("name")
    return [(f"person:{one.public_id}", one.name) for one in people]


def _called(deal: Deal) -> str:
    worth = money(deal.amount, deal.currency) if deal.amount is not None else ""
    won = "won" if deal.outcome == Deal.Outcome.WON else ""
    return ", ".join(filter(None, [deal.name, worth, won, deal.owner.name if deal.owner else ""]))


def _works(person: User, lead: Lead) -> str:
    owns = lead.company is not None and lead.company.owner_id == person.pk
    return f"{person}, owner of {lead.company}" if owns else f"{person}, works on {lead.company}"


def _people(lead: Lead) -> list[User]:
    if lead.company is None:
        return []
    beside = Handoff.objects.open().filter(lead__company=lead.company).exclude(lead=lead)
    near = Q(pk__in=beside.values("holder")) | Q(pk=lead.company.owner_id)
    return list(User.objects.filter(near, is_active=True).order_by("name"))
