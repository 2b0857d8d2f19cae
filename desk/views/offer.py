"""What marketing decides about one lead: offer it, mark it, set it aside, wake it. Each is a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import accepted, done, render_page, sent
from desk.access import must_market
from desk.forms.marketing import MarkMqlForm, SetAsideForm, ToSalesForm, WakeForm
from desk.queries.effects import effects_of_marketing
from leads.access import lead_for
from leads.models import Handoff, Lead
from leads.queries import contact_forbidden
from leads.services import leads
from leads.services.offers import offer


@dataclass(frozen=True, slots=True)
class Decision:
    """One dialog: what it asks and does, the words on it, what is said afterwards, and what happens to clocks."""

    template: str
    form: type[forms.Form]
    do: Callable[[Lead, Any, User], object]
    title: str  # with {lead} in it
    button: str
    past: str
    foot: str = ""  # else it says what becomes of the clocks


def _offer(lead: Lead, form: ToSalesForm, by: User) -> object:
    """To routing, a team or a person. Without consent the service refuses and says why."""
    return offer(lead, by=by, team=form.team, person=form.person)


def _mark_mql(lead: Lead, form: MarkMqlForm, by: User) -> object:
    return leads.mark_mql(lead, by=by, **form.cleaned_data)


def _set_aside(lead: Lead, form: SetAsideForm, by: User) -> object:
    return leads.set_aside(lead, by=by, **form.cleaned_data)


def _wake(lead: Lead, form: WakeForm, by: User) -> object:
    return leads.wake(lead, by=by, note=form.cleaned_data["note"])


DECISIONS = {
    "offer": Decision(
        "offer", ToSalesForm, _offer, "Offer {lead} to sales", "Offer lead", "is offered to sales",
    ),
    "mark-mql": Decision(
        "why", MarkMqlForm, _mark_mql, "Mark {lead} as MQL", "Mark as MQL", "is an MQL now",
    ),
    "set-aside": Decision(
        "why", SetAsideForm, _set_aside, "Set {lead} aside", "Set aside", "is set aside",
    ),
    "wake": Decision(
        "wake", WakeForm, _wake, "Wake {lead}", "Wake lead", "is awake",
        "It is an inquiry again, and judged again at once.",
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: UserRequest, public_id: UUID, slug: str) -> HttpResponse:
    """The service decides whether the lead's stage allows it."""
    decision, lead = DECISIONS[slug], lead_for(request.user, public_id)
    must_market(request.user)
    form = decision.form(sent(request))
    results: list[object] = []
    if accepted(form, lambda: results.append(decision.do(lead, form, request.user))):
        return done(request, f"{lead} {_past(decision, results[0])}.", public_id, to="desk:lead")
    return render_page(
        request, f"desk/marketing/{decision.template}.html", _context(lead, decision, slug), form
    )


def _past(decision: Decision, result: object) -> str:
    """An offer names whom it went to, whether routing or a person chose."""
    if not isinstance(result, Handoff):
        return decision.past
    return f"is offered to {result.holder or f'the pool of {result.team}'}"


def _context(lead: Lead, decision: Decision, slug: str) -> dict[str, object]:
    return {
        "lead": lead,
        "dialog_title": decision.title.format(lead=lead),
        "button": decision.button,
        "foot": decision.foot or effects_of_marketing(slug, database_now(), lead),
        "forbidden": contact_forbidden(lead) if decision.form is ToSalesForm else "",
        "back_url": reverse("desk:lead", args=[lead.public_id]),
    }
