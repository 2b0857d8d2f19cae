"""The rep's inbox: a list by time left, and beside it the lead that is being read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.web.http import is_htmx, page_shown
from desk.navigation import say_counts, waiting
from desk.queries.inbox import VIEWS, Inbox, inbox_for, sources_in
from desk.queries.lead import LeadView, lead_view
from desk.queries.pane import history
from desk.queries.sift import EVERYTHING, LABELS, SORTS, WHOSE, Sift, read_sift
from leads import access


@require_safe
def inbox(request: UserRequest) -> HttpResponse:
    """Everything, or with `part=list` what the list polls: 304 while nothing but time has passed."""
    at = database_now()
    page = listed(request, at)
    if request.GET.get("part") == "list":
        return _list(request, page)
    context = inbox_context(request, page) | pane_context(request, chosen(request, page), at)
    context |= {"sources": sources_in(standing_of(request.user), page.view), "whose": WHOSE}
    return render(request, "desk/inbox/inbox.html", context)


def listed(request: UserRequest, at: datetime) -> Inbox:
    """The list that the address asks for, or the page an act was sent from."""
    return inbox_for(standing_of(request.user), view_of(request), at=at, sift=sift_of(request))


def sift_of(request: HttpRequest) -> Sift:
    return read_sift(lambda name: asked(request, name))


def list_query(view: str, sift: Sift) -> str:
    """What a link to a lead carries along, so that its page knows what stands before and after it."""
    return urlencode({"view": view} | sift.query)


def _list(request: UserRequest, page: Inbox) -> HttpResponse:
    counts = waiting(request.user)
    etag = f'"{page.etag(selected(request), request.user.pk, request.user.time_zone, counts)}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "desk/inbox/_list_part.html", inbox_context(request, page))
        say_counts(response, counts)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "HX-Current-URL", "Cookie"])
    return response


def inbox_context(request: HttpRequest, page: Inbox, current: str = "") -> dict[str, Any]:
    """What the list and its tabs need; `current` is the lead that the pane shows."""
    order = page.sift.sort or "clock"
    return {
        "nav_key": "inbox",
        "inbox": page,
        "tabs": [
            {"key": key, "label": label, "url": address(key, sift=page.sift), "count": page.counts[key]}
            for key, (label, _, _) in VIEWS.items()
        ],
        "sorts": [
            {
                "label": label,
                "url": address(page.view, sift=replace(page.sift, sort=key)),
                "now": key == order,
            }
            for key, label in SORTS.items()
        ],
        "chips": chips(page),
        "clear_url": address(page.view, sift=Sift(sort=page.sift.sort)),
        "list_query": list_query(page.view, page.sift),
        "poll_url": f"{address(page.view, sift=page.sift)}&part=list",
        "selected": current or selected(request),
    }


def chips(page: Inbox) -> list[dict[str, str]]:
    """What narrows the list, each with the address without it."""
    return [
        {
            "field": LABELS[name],
            "value": WHOSE.get(value, value) if name == "whose" else value,
            "remove_url": address(page.view, sift=replace(page.sift, **{name: ""})),
        }
        for name, value in page.sift.filters.items()
    ]


def pane_context(request: UserRequest, public_id: str, at: datetime) -> dict[str, Any]:
    """What the pane needs of one lead; nothing where none is chosen."""
    if not public_id:
        return {"view": None}
    lead = access.lead_for(request.user, public_id)
    view: LeadView = lead_view(lead, standing_of(request.user), at=at)
    return {
        "view": view,
        "history": history(lead),
        "in_pane": True,
        "selected": str(lead.public_id),
        "list_query": list_query(view_of(request), sift_of(request)),
    }


def chosen(request: HttpRequest, page: Inbox) -> str:
    """The lead of the address, else the first of the list."""
    wanted = request.GET.get("lead", "")
    if wanted:
        return wanted
    return str(page.items[0].handoff.lead.public_id) if page.items else ""


def view_of(request: UserRequest) -> str:
    """The view of the address; to who only does marketing what came back is of interest first."""
    wanted = asked(request, "view")
    if wanted in VIEWS:
        return wanted
    standing = standing_of(request.user)
    return "returned" if standing.is_marketing and standing.side == "marketing" else "answer"


def selected(request: HttpRequest) -> str:
    return asked(request, "lead")


def asked(request: HttpRequest, name: str) -> str:
    """A parameter of this request, else of the page it was sent from."""
    if name in request.GET or not is_htmx(request):
        return request.GET.get(name, "")
    page = page_shown(request)
    found = parse_qs(page.query).get(name, [""]) if page.path == reverse("desk:inbox") else [""]
    return found[0]


def address(view: str, lead: object = "", sift: Sift = EVERYTHING) -> str:
    """The inbox with one view open, and perhaps one lead."""
    query = {"view": view} | sift.query | ({"lead": str(lead)} if lead else {})
    return f"{reverse('desk:inbox')}?{urlencode(query)}"
