"""The first page: where one's work waits."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_safe

from accounts.engine.standing import Standing
from accounts.queries import standing_of
from accounts.requests import UserRequest
from desk.queries.setup import is_agreed


@require_safe
def home(request: UserRequest) -> HttpResponse:
    """Until a contract is signed, whoever sets the installation up is led to the steps that are left."""
    standing = standing_of(request.user)
    begins = standing.may_configure and not is_agreed()
    return HttpResponseRedirect(resolve_url("desk:settings-setup" if begins else landing(standing)))


def landing(standing: Standing) -> str:
    """Managers and readers the shared figures, reps their inbox, marketing the queue."""
    if standing.is_manager or standing.is_read_only:
        return "dashboards:dashboard"
    if any(seat.role == "rep" for seat in standing.memberships):
        return "desk:inbox"
    return "desk:queue"
