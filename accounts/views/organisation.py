"""The organisation: name, reporting zone, currency, and whom figures name."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts import access, queries
from accounts.forms.organisation import OrganisationForm
from accounts.requests import UserRequest
from accounts.services import organisation as service
from common.web.http import accepted, done, render_page, sent


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: UserRequest) -> HttpResponse:
    """Everyone reads it; only operations and admins get the form."""
    if request.method == "POST":
        access.must_configure(request.user)
    known = queries.organisation()
    initial = {
        "company": known.name, "time_zone": known.time_zone, "currency": known.currency,
        "people_in_figures": known.people_in_figures,
    }  # fmt: skip
    form = OrganisationForm(sent(request), initial=initial)
    if accepted(form, lambda: _update(request, form)):
        return done(request, "Saved.", to="accounts:settings-organisation")
    may = queries.standing_of(request.user).may_configure
    return render_page(request, "accounts/organisation.html", {"organisation": known, "may_edit": may}, form)


@transaction.atomic
def _update(request: UserRequest, form: OrganisationForm) -> None:
    data = form.cleaned_data
    service.update(
        name=data["company"], time_zone=data["time_zone"], currency=data["currency"], by=request.user
    )
    service.show_people(data["people_in_figures"], by=request.user)
