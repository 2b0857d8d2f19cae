"""One person's next acts, by clock."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.moments import database_now
from desk.navigation import say_counts, waiting
from desk.queries.today import today_for


@require_safe
def today(request: UserRequest) -> HttpResponse:
    """The page, or with `part=list` the table that it polls."""
    at = database_now()
    standing = standing_of(request.user)
    day = today_for(request.user, standing, at=at)
    context = {"nav_key": "today", "today": day, "now": at, "only_reads": standing.is_read_only}
    if request.GET.get("part") == "list":
        return say_counts(render(request, "desk/today/_table.html", context), waiting(request.user))
    return render(request, "desk/today/today.html", context)
