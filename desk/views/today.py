"""One person's next acts, by clock."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from desk.navigation import say_counts, waiting
from desk.queries.besides import Besides, besides
from desk.queries.today import today_for
from desk.views.queue_words import said


@require_safe
def today(request: UserRequest) -> HttpResponse:
    """The page, or with `part=list` the table that it polls."""
    at = database_now()
    standing = standing_of(request.user)
    day = today_for(request.user, standing, at=at)
    context = {
        "nav_key": "today", "today": day, "now": at, "only_reads": standing.is_read_only,
        "besides": rows_of(besides(standing, at=at)),
    }  # fmt: skip
    if request.GET.get("part") == "list":
        return say_counts(render(request, "desk/today/_table.html", context), waiting(request.user))
    return render(request, "desk/today/today.html", context)


def rows_of(found: Besides) -> list[dict[str, str]]:
    """What waits besides, each with the page on which it is done."""
    counted = [
        (found.offers, "lead to offer", "leads to offer", f"{reverse('desk:queue')}?view=offer"),
        (found.returned, "lead to resupply", "leads to resupply", f"{reverse('desk:inbox')}?view=returned"),
        (found.decisions, "decision on an excuse or a contest", "decisions on excuses and contests",
         f"{reverse('sla:breaches')}?view=excuses"),
    ]  # fmt: skip
    rows = [
        {"words": f"{said(number)} {one if number == 1 else many}", "url": url}
        for number, one, many, url in counted
        if number
    ]
    for version in found.definitions:
        url = reverse("definitions:version", args=[version.definition.key, version.number])
        rows.append({"words": f"Sign {version}", "url": url})
    for draft in found.contracts:
        url = reverse("sla:contract-version", args=[draft.number])
        rows.append({"words": f"Sign contract v{draft.number}", "url": url})
    return rows
