"""Saying why a clock was missed: nine causes, one key each; what the log proposes is confirmed with one click."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.requests import UserRequest
from common.refusals import NotAllowed
from common.web.http import accepted, done, is_htmx, render_page, sent
from sla import access
from sla.forms.breaches import CauseForm
from sla.services import causes


@require_http_methods(["GET", "HEAD", "POST"])
def cause(request: UserRequest, public_id: UUID) -> HttpResponse:
    """The dialog; after it the place in the list shows what was said, and the list stays where it was."""
    breach = access.breach_for(request.user, public_id)
    if not causes.may_confirm(request.user):
        raise NotAllowed("A manager of either side says why it was late.")
    form = CauseForm(sent(request))
    if accepted(form, lambda: causes.confirm(breach, by=request.user, **form.cleaned_data)):
        if not is_htmx(request):
            return done(request, "The cause is confirmed.", to="sla:breaches")
        breach.refresh_from_db()
        return render(request, "sla/_breach_cause.html", {"breach": breach, "may_explain": True})
    context = {
        "breach": breach,
        "causes": [(known.value, known.label) for known in causes.CAUSES],
        "target": f"#cause-{breach.public_id}",
        "swap": "outerHTML",
    }
    return render_page(request, "sla/breach_cause.html", context, form)
