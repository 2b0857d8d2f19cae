"""What marketing decides about one lead: offer it, mark it, set it aside, wake it. Each is a dialog."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import UserRequest
from common.http import accepted, done, render_page, sent
from desk.access import must_market
from desk.forms.marketing import MarkMqlForm, SetAsideForm, ToSalesForm, WakeForm
from leads.access import lead_for
from leads.models import Lead
from leads.queries import contact_forbidden
from leads.services import leads
from leads.services.offers import offer


@require_http_methods(["GET", "HEAD", "POST"])
def offer_lead(request: UserRequest, public_id: UUID) -> HttpResponse:
    """To routing, a team or a person. Without consent the service refuses and says why."""
    lead = lead_for(request.user, public_id)
    must_market(request.user)
    form = ToSalesForm(sent(request))
    if accepted(form, lambda: offer(lead, by=request.user, team=form.team, person=form.person)):
        return done(request, f"{lead} is offered to sales.", public_id, to="desk:lead")
    context = _context(
        lead, "Offer", "Offer lead", "Ends the handover clock, starts answer and first response."
    )
    return render_page(
        request, "desk/marketing/offer.html", context | {"forbidden": contact_forbidden(lead)}, form
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mark_mql(request: UserRequest, public_id: UUID) -> HttpResponse:
    lead = lead_for(request.user, public_id)
    must_market(request.user)
    form = MarkMqlForm(sent(request))
    if accepted(form, lambda: leads.mark_mql(lead, by=request.user, **form.cleaned_data)):
        return done(request, f"{lead} is an MQL now.", public_id, to="desk:lead")
    context = _context(lead, "Mark", "Mark as MQL", "Starts the handover clock.")
    return render_page(request, "desk/marketing/why.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: UserRequest, public_id: UUID) -> HttpResponse:
    lead = lead_for(request.user, public_id)
    must_market(request.user)
    form = SetAsideForm(sent(request))
    if accepted(form, lambda: leads.set_aside(lead, by=request.user, **form.cleaned_data)):
        return done(request, f"{lead} is set aside.", public_id, to="desk:lead")
    context = _context(lead, "Set aside", "Set aside", "Cancels the handover clock.")
    return render_page(request, "desk/marketing/why.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def wake(request: UserRequest, public_id: UUID) -> HttpResponse:
    lead = lead_for(request.user, public_id)
    must_market(request.user)
    form = WakeForm(sent(request))
    if accepted(form, lambda: _wake(lead, form, request.user)):
        return done(request, f"{lead} is awake.", public_id, to="desk:lead")
    context = _context(lead, "Wake", "Wake lead", "It is an inquiry again, and judged again at once.")
    return render_page(request, "desk/marketing/wake.html", context, form)


def _wake(lead: Lead, form: forms.Form, by: User) -> Lead:
    return leads.wake(lead, by=by, note=form.cleaned_data["note"])


def _context(lead: Lead, verb: str, button: str, foot: str) -> dict[str, object]:
    return {
        "lead": lead,
        "dialog_title": f"{verb} {lead}",
        "button": button,
        "foot": foot,
        "back_url": reverse("desk:lead", args=[lead.public_id]),
    }
