"""Correcting a calendar for the clocks that run: what it would do, asking for it, and how far it is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.access import must_configure
from accounts.requests import UserRequest
from calendars.queries import current_version
from common.database.moments import database_now
from common.web.http import accepted, done, is_htmx, render_page, sent
from sla.access import calendar_for
from sla.forms.corrections import CorrectForm
from sla.queries.recomputes import newest_to
from sla.services.recompute import preview, requests


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_correct(request: UserRequest, public_id: UUID) -> HttpResponse:
    """While a correction is under way, how far it is (htmx asks for that alone), else the preview of one."""
    must_configure(request.user)
    calendar = calendar_for(request.user, public_id)
    version = current_version(calendar)
    recompute = newest_to(version)
    context: dict[str, object] = {"calendar": calendar, "version": version, "recompute": recompute}
    if request.method != "POST" and recompute and (recompute.done_at is None or is_htmx(request)):
        alone = is_htmx(request)
        return render_page(request, f"sla/{'_recompute' if alone else 'calendar_correcting'}.html", context)
    form = CorrectForm(sent(request), initial={"seen": version.number})
    if accepted(form, lambda: requests.correct(calendar, **form.cleaned_data, by=request.user)):
        return done(request, f"Clocks go over to {version}.", public_id, to="sla:calendar-correct")
    context["preview"] = preview.of_correction(version, database_now())
    return render_page(request, "sla/calendar_correct.html", context, form)
