"""One person's next acts, by clock."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.moments import database_now
from desk.queries.today import today_for


@require_safe
def today(request: UserRequest) -> HttpResponse:
    """The page, or with `part=list` the table that it polls."""
    at = database_now()
    day = today_for(request.user, standing_of(request.user), at=at)
    page = "_table" if request.GET.get("part") == "list" else "today"
    return render(request, f"desk/today/{page}.html", {"nav_key": "today", "today": day, "now": at})
