"""Deactivating a person: here, because what the person holds stands beside the question."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_http_methods

from accounts.access import must_configure, person_for
from accounts.requests import UserRequest
from accounts.services import people
from common.web.http import accepted, done, render_page, sent
from leads.access import handoffs_for
from leads.models import Handoff

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: UserRequest, public_id: UUID) -> HttpResponse:
    """What is held stays held: the dialog lists it, so that a manager can reassign it."""
    must_configure(request.user)
    found = person_for(request.user, public_id)
    form = forms.Form(sent(request))
    if accepted(form, lambda: people.deactivate(found, by=request.user)):
        return done(request, f"{found} is deactivated and signed out.", public_id, to="accounts:person")
    held = handoffs_for(request.user).filter(holder=found, status__in=Handoff.OPEN)
    context = {
        "person": found, "total": held.count(), "shown": SHOWN, "danger": True,
        "back_url": resolve_url("accounts:person", public_id),
        "held": held.select_related("lead", "team").order_by("offered_at", "pk")[:SHOWN],
    }  # fmt: skip
    return render_page(request, "desk/settings_deactivate.html", context, form)
