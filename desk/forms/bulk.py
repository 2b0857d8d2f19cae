"""The acts that can be done to many leads: what each asks, who may, and how it is done to one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from accounts.models import User
from common.refusals import Invalid, NotAllowed
from desk.access import must_assign, must_market
from desk.forms.marketing import AssignForm, SetAsideForm, ToCampaignForm, ToSalesForm, WakeForm
from desk.models import BulkRun
from desk.services import bulk
from leads.models import Lead
from leads.services import handoffs, leads
from leads.services.offers import offer


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One act on many: what its button says, how it is done to one lead, and what is said afterwards."""

    title: str
    button: str
    form: type[forms.Form]
    act: Callable[[Lead, User, forms.Form], object]
    told: str
    foot: str = ""  # else it says what becomes of the clocks
    door: Callable[[User], None] = must_market


def _offer(lead: Lead, by: User, form: forms.Form) -> object:
    assert isinstance(form, ToSalesForm)  # noqa: S101 - the form of this act
    return offer(lead, by=by, team=form.team, person=form.person)


def _assign(lead: Lead, by: User, form: forms.Form) -> object:
    assert isinstance(form, AssignForm)  # noqa: S101 - the form of this act
    return handoffs.reassign(bulk.open_cycle(lead), by=by, team=form.team, person=form.person)


def _set_aside(lead: Lead, by: User, form: forms.Form) -> object:
    return leads.set_aside(lead, by=by, **form.cleaned_data)


def _withdraw(lead: Lead, by: User, form: forms.Form) -> object:
    return handoffs.withdraw(bulk.open_cycle(lead), by=by, note=form.cleaned_data["note"])


def _to_campaign(lead: Lead, by: User, form: forms.Form) -> object:
    return leads.edit(lead, {"campaign": form.cleaned_data["campaign"].slug}, by=by, version=lead.version)


ACTS = {
    "offer": BulkAct(
        "Offer leads to sales",
        "Offer leads",
        ToSalesForm,
        _offer,
        "offered",
    ),
    "assign": BulkAct(
        "Assign leads",
        "Assign leads",
        AssignForm,
        _assign,
        "assigned",
        "Clocks run on; in another team by its calendar.",
        door=must_assign,
    ),
    "set-aside": BulkAct("Set leads aside", "Set aside", SetAsideForm, _set_aside, "set aside"),
    "withdraw": BulkAct(
        "Withdraw offers",
        "Withdraw offers",
        WakeForm,
        _withdraw,
        "withdrawn",
    ),
    "campaign": BulkAct(
        "Add leads to a campaign",
        "Add to campaign",
        ToCampaignForm,
        _to_campaign,
        "added",
        "It takes the place of the campaign that they had.",
    ),
}


def doing(run: BulkRun) -> bulk.Act:
    """What a run does to a lead. Raises NotAllowed for who may no longer, Invalid where what was chosen is gone."""
    chosen = ACTS[run.act]
    if not run.by.is_active:
        raise NotAllowed(f"{run.by.name} has left.")
    chosen.door(run.by)
    form = chosen.form(run.said)
    if not form.is_valid():
        raise Invalid({"": "The team, person, reason or campaign that was chosen cannot be chosen any more."})
    return lambda lead: chosen.act(lead, run.by, form)
