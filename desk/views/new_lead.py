"""Adding one lead by hand: the same upsert that forms and programs use."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from common.web.http import accepted, done, render_page, sent
from desk.access import must_add
from desk.forms.marketing import NewLeadForm
from leads.services import leads
from leads.services.leads import Captured


@require_http_methods(["GET", "HEAD", "POST"])
def new_lead(request: UserRequest) -> HttpResponse:
    """A known e-mail adds to its lead, and says so."""
    must_add(request.user)
    form, made = NewLeadForm(sent(request)), list[Captured]()
    if accepted(form, lambda: made.append(leads.capture(form.told, by=request.user, source="form"))):
        lead = made[0].lead
        words = f"{lead} is added." if made[0].created else f"{lead} was known and is brought up to date."
        return done(request, words, lead.public_id, to="desk:lead")
    context = {"dialog_title": "New lead", "wide": True, "back_url": reverse("desk:queue")}
    return render_page(request, "desk/marketing/new_lead.html", context, form)
