"""Acts on the leads that are ticked in the queue: a dialog asks, one answer tells what was done and what not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import as_uuid
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.http import done, render_page, sent
from desk.access import must_assign, must_market
from desk.forms.marketing import AssignForm, SetAsideForm, ToCampaignForm, ToSalesForm, WakeForm
from desk.queries.filters import read_filters
from desk.queries.lists import leads_for_filters
from desk.services import bulk
from desk.views.queue_words import address
from leads.access import leads_for
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
    foot: str = ""
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
        "Ends the handover clocks, starts answer and first response.",
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
    "set-aside": BulkAct(
        "Set leads aside", "Set aside", SetAsideForm, _set_aside, "set aside", "Cancels the handover clocks."
    ),
    "withdraw": BulkAct(
        "Withdraw offers",
        "Withdraw offers",
        WakeForm,
        _withdraw,
        "withdrawn",
        "Cancels answer and first response. The handover clocks start again.",
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


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_act(request: UserRequest, act: str) -> HttpResponse:
    """GET asks, POST does it to each lead; what was refused is listed, and stays ticked."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    chosen.door(request.user)
    said = request.POST if request.method == "POST" else request.GET
    picked = picked_leads(request.user, said)
    form = chosen.form(sent(request))
    if not form.is_valid():
        return render_page(request, "desk/queue/bulk.html", _context(chosen, said, picked), form)
    outcome = bulk.each(picked, lambda lead: chosen.act(lead, request.user, form))
    words = f"{outcome.done:,} of {len(picked):,} {chosen.told}."
    if not outcome.refused:
        return done(request, words, to=_list_url(said))
    context = {**_context(chosen, said, picked), "outcome": outcome, "words": words}
    response = render(request, "desk/queue/bulk_done.html", context, status=422)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _context(chosen: BulkAct, said: QueryDict, picked: list[Lead]) -> dict[str, object]:
    return {
        "chosen": chosen,
        "dialog_title": chosen.title,
        "leads": picked,
        "picks": said.getlist("pick"),
        "whole": said.get("whole", ""),
        "list": said.get("list", ""),
        "back_url": _list_url(said),
    }


def _list_url(said: QueryDict) -> str:
    """The list in which the leads were ticked, with its filters and order."""
    query = said.get("list", "")
    return address(query) if query else reverse("desk:queue")


def picked_leads(user: User, said: QueryDict) -> list[Lead]:
    """The ticked leads, or with `whole` all of the list they stand in. One id that is none is 404 for all (I01)."""
    if said.get("whole"):
        filters = read_filters(QueryDict(said.get("list", "")), view="open")
        found = leads_for_filters(leads_for(user), filters, database_now()).order_by("pk")
        return _not_too_many(list(found[: bulk.MOST + 1]))
    ids = {as_uuid(value) for value in said.getlist("pick")}
    rows = list(leads_for(user).filter(public_id__in=[known for known in ids if known]))
    if len(rows) != len(ids):
        raise Http404("One of these leads does not exist.")
    return _not_too_many(rows)


def _not_too_many(rows: list[Lead]) -> list[Lead]:
    if not rows:
        raise Invalid({"": "Tick at least one lead."})
    if len(rows) > bulk.MOST:
        raise Invalid({"": f"Choose at most {bulk.MOST} leads at once. Narrow the list with filters."})
    return rows
