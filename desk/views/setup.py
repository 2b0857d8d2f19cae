"""The steps until the first clock runs, each with its state and the page where it is done."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.web.http import render_page
from desk.queries.setup import steps
from sla.services.contracts import may_draft


@require_safe
def setup(request: UserRequest) -> HttpResponse:
    found = steps(may_configure=standing_of(request.user).may_configure, may_draft=may_draft(request.user))
    context = {"steps": found, "done_count": sum(step.done for step in found)}
    return render_page(request, "desk/settings_setup.html", context)
