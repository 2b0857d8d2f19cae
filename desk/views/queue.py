"""The lead queue: saved views, filters, sorting, pages; the same list as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.csv_export import write_csv
from common.moments import database_now
from common.pages import Page, keyset_page
from common.refusals import Invalid
from desk.api.limits import EXPORT, wait_for
from desk.forms.marketing import FilterForm
from desk.queries.export import HEADER, lines_of
from desk.queries.filters import CLOCKS, LABELS, PERIODS, Filters, read_filters
from desk.queries.lists import CAP, capped_count, in_order, leads_for_filters, view_counts
from desk.queries.queue import rows_of
from desk.queries.views import VIEWS
from leads.access import leads_for
from leads.models import Campaign, Lead, Stage

SIZE = 50
BULK = (
    ("Offer to sales", "offer"),
    ("Set aside", "set-aside"),
    ("Withdraw", "withdraw"),
    ("Add to campaign", "campaign"),
)
FIRST = "open"


@require_safe
def queue(request: UserRequest) -> HttpResponse:
    """The page; with `part=list` the table that it polls."""
    at = database_now()
    filters = read_filters(request.GET, view=FIRST)
    found = leads_for_filters(leads_for(request.user), filters, at)
    page = page_of(found, filters, request.GET.get("cursor", ""))
    context = list_context(request, filters, page, at)
    if request.GET.get("part") == "list":
        response = render(request, "desk/queue/_table.html", context)
    else:
        context |= page_context(request, filters, page, capped_count(found), at)
        response = render(request, "desk/queue/queue.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_of(found: Any, filters: Filters, cursor: str) -> Page[Lead]:
    """An old cursor shows the first page: its list may have been sorted otherwise."""
    rows, order = in_order(found.select_related("company", "campaign"), filters.sort)
    try:
        return keyset_page(rows, order, cursor=cursor, size=SIZE)
    except Invalid:
        return keyset_page(rows, order, size=SIZE)


def list_context(request: UserRequest, filters: Filters, page: Page[Lead], at: datetime) -> dict[str, Any]:
    """What the table needs."""
    standing = standing_of(request.user)
    return {
        "rows": rows_of(page.rows, standing, at=at),
        "sort": filters.sort,
        "filters": filters,
        "view": VIEWS[filters.view],
        "may_act": standing.is_marketing,
        "clear_url": address({"view": filters.view}),
        "last_filter": chip(request.GET, *filters.active[-1]) if filters.active else None,
    }


def page_context(
    request: UserRequest, filters: Filters, page: Page[Lead], total: int, at: datetime
) -> dict[str, Any]:
    """What stands around it: tabs with counts, chips, pages, acts on what is ticked."""
    counts = view_counts(leads_for(request.user), at)
    query = changed(request.GET, cursor=None, part=None)
    words = f"{total:,}{'+' if total == CAP else ''}"
    return {
        "nav_key": "queue",
        "tabs": [
            {"key": key, "label": view.label, "url": address({"view": key}), "count": said(counts.get(key))}
            for key, view in VIEWS.items()
        ],
        "chips": [chip(request.GET, name, value) for name, value in filters.active],
        "filter_url": f"{reverse('desk:queue-filter')}?{query}",
        "csv_url": f"{reverse('desk:queue-csv')}?{query}",
        "poll_url": f"{reverse('desk:queue')}?{changed(request.GET, part='list')}",
        "query": query,
        "total": words,
        "actions": [{"label": label, "url": reverse("desk:bulk", args=[act])} for label, act in BULK],
        "page": {
            "summary": f"{page.words} of {words}" if page.rows else "No leads",
            "previous_url": f"?{changed(request.GET, cursor=page.previous)}" if page.previous else "",
            "next_url": f"?{changed(request.GET, cursor=page.next)}" if page.next else "",
        },
    }


@require_safe
def queue_filter(request: UserRequest) -> HttpResponse:
    """Every filter at once, in a dialog that leads back to the list."""
    form = FilterForm(request.GET, view=FIRST)
    context = {"form": form, "dialog_title": "Filter leads", "back_url": reverse("desk:queue")}
    response = render(request, "desk/queue/filter.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def queue_csv(request: UserRequest) -> HttpResponseBase:
    """The whole list with its filters, in pieces; at most five an hour and person (S26)."""
    seconds = wait_for(EXPORT, f"user{request.user.pk}")
    if seconds:
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(seconds)
        return response
    at = database_now()
    filters = read_filters(request.GET, view=FIRST)
    rows, order = in_order(leads_for_filters(leads_for(request.user), filters, at), filters.sort)
    pieces = write_csv(HEADER, lines_of(rows, order, at), phones={"phone"})
    name = f"leads-{filters.view}-{localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def chip(query: QueryDict, name: str, value: str) -> dict[str, str]:
    """One filter that is on, in words, and the address without it."""
    rest = query.copy()
    rest.setlist(name, [kept for kept in rest.getlist(name) if kept.strip() != value])
    for place in ("cursor", "part"):
        rest.pop(place, None)
    return {
        "field": LABELS[name],
        "value": in_words(name, value),
        "remove_url": f"{reverse('desk:queue')}?{rest.urlencode()}",
    }


def in_words(name: str, value: str) -> str:
    if name == "stage":
        return str(dict(Stage.choices).get(value, value))
    if name == "clock":
        return CLOCKS.get(value, value)
    if name == "created":
        return PERIODS[value][0] if value in PERIODS else value
    if name == "campaign":
        return Campaign.objects.filter(slug=value).values_list("name", flat=True).first() or value
    return "Nobody" if (name, value) == ("owner", "none") else value


def said(count: int | None) -> str | None:
    return None if count is None else f"{count - 1:,}+" if count == CAP else f"{count:,}"


def changed(query: QueryDict, **values: str | None) -> str:
    """The same address with these values; None takes one away."""
    rest = query.copy()
    for name, value in values.items():
        rest.pop(name, None)
        if value is not None:
            rest[name] = value
    return rest.urlencode()


def address(query: dict[str, str]) -> str:
    rest = QueryDict(mutable=True)
    rest.update(query)
    return f"{reverse('desk:queue')}?{rest.urlencode()}"
