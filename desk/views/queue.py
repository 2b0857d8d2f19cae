"""The lead queue: saved views, filters, sorting, pages; the same list as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.engine.standing import Standing
from accounts.queries import standing_of
from accounts.requests import UserRequest
from common.database.moments import database_now
from common.refusals import Invalid
from common.web.csv_export import write_csv
from common.web.http import render_page, too_many
from common.web.pages import Page, keyset_page
from desk.access import may_add
from desk.api.limits import EXPORT, wait_for
from desk.forms.marketing import FilterForm
from desk.forms.views import ColumnsForm
from desk.queries.acts import manages_sales
from desk.queries.columns import read_columns
from desk.queries.export import HEADER, lines_of
from desk.queries.filters import MANY, Filters, read_filters
from desk.queries.lists import CAP, capped_count, counts_of, in_order, leads_for_filters
from desk.queries.queue import rows_of
from desk.queries.saved import FIRST, filters_of, own_views, written
from desk.queries.views import VIEWS, leads_in
from desk.views.queue_words import address, changed, chip, plain, said
from leads.access import leads_for
from leads.models import Lead
from leads.queries import fetch_addresses

SIZE = 50
BY_MARKETING = (
    ("Offer to sales", "offer"),
    ("Set aside", "set-aside"),
    ("Withdraw", "withdraw"),
    ("Add to campaign", "campaign"),
)
BY_MANAGERS = (("Assign", "assign"),)


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
    rows, order = in_order(found.select_related("company", "campaign", "owner"), filters.sort)
    try:
        page = keyset_page(rows, order, cursor=cursor, size=SIZE)
    except Invalid:
        page = keyset_page(rows, order, size=SIZE)
    fetch_addresses(page.rows)
    return page


def list_context(request: UserRequest, filters: Filters, page: Page[Lead], at: datetime) -> dict[str, Any]:
    """What the table needs."""
    standing, columns = standing_of(request.user), read_columns(request.GET)
    return {
        "rows": rows_of(page.rows, standing, at=at),
        "columns": columns,
        "signal_apart": any(column.key == "signal" for column in columns),
        "sort": filters.sort,
        "filters": filters,
        "view": VIEWS[filters.view],
        "acts": acts_of(standing),
        "may_act": standing.is_marketing,
        "may_add": may_add(standing),
        "clear_url": address(plain(filters.view, request.GET)),
        "last_filter": chip(request.GET, *filters.active[-1]) if filters.active else None,
    }


def acts_of(standing: Standing) -> list[dict[str, str]]:
    """What this person can do to many leads at once."""
    acts = (BY_MARKETING if standing.is_marketing else ()) + (BY_MANAGERS if manages_sales(standing) else ())
    return [{"label": label, "url": reverse("desk:bulk", args=[act])} for label, act in acts]


def page_context(
    request: UserRequest, filters: Filters, page: Page[Lead], total: int, at: datetime
) -> dict[str, Any]:
    """What stands around it: tabs with counts, chips, pages, acts on what is ticked."""
    query = changed(request.GET, cursor=None, part=None)
    words = f"{total:,}{'+' if total == CAP else ''}"
    return {
        "nav_key": "queue",
        **views_context(request, filters, at),
        "chips": [chip(request.GET, name, value) for name, value in filters.active],
        "filter_url": f"{reverse('desk:queue-filter')}?{query}",
        "columns_url": f"{reverse('desk:queue-columns')}?{query}",
        "csv_url": f"{reverse('desk:queue-csv')}?{query}",
        "poll_url": f"{reverse('desk:queue')}?{changed(request.GET, part='list')}",
        "query": query,
        "total": words,
        "page": {
            "summary": f"{page.words} of {words}" if page.rows else "No leads",
            "previous_url": f"?{changed(request.GET, cursor=page.previous)}" if page.previous else "",
            "next_url": f"?{changed(request.GET, cursor=page.next)}" if page.next else "",
        },
    }


def views_context(request: UserRequest, filters: Filters, at: datetime) -> dict[str, Any]:
    """The tabs: the views of the house, then one's own; all of them counted at once."""
    own, leads, query = list(own_views(request.user)), leads_for(request.user), written(request.GET)
    counted = [view for view in VIEWS if view != "all"]
    lists = [leads_in(view, at, leads) for view in counted]
    counts = counts_of([*lists, *(leads_for_filters(leads, filters_of(view), at) for view in own)])
    known = dict(zip(counted, counts, strict=False))
    tabs = [
        {"key": key, "label": view.label, "url": address(plain(key, request.GET)), "count": said(known.get(key))}
        for key, view in VIEWS.items()
    ]  # fmt: skip
    for view, count in zip(own, counts[len(counted) :], strict=True):
        tabs.append(
            {"key": str(view.public_id), "label": view.name, "url": address(view.query), "count": said(count)}
        )
    mine = next((view for view in own if view.query == query), None)
    return {
        "tabs": tabs,
        "tab": str(mine.public_id) if mine else filters.view,
        "mine": mine,
        "save_url": "" if mine or filters.errors or query == f"view={filters.view}" else _save_url(query),
    }


def _save_url(query: str) -> str:
    return f"{reverse('desk:view-save')}?{query}"


@require_safe
def queue_filter(request: UserRequest) -> HttpResponse:
    """Every filter at once, in a dialog that leads back to the list."""
    form = FilterForm(request.GET, view=FIRST)
    context = {
        "kept": kept(request, form), "dialog_title": "Filter leads",
        "foot": "Within the view that is open.", "back_url": _as_it_is(request),
    }  # fmt: skip
    return render_page(request, "desk/queue/filter.html", context, form)


@require_safe
def queue_columns(request: UserRequest) -> HttpResponse:
    """Which columns the list shows, in a dialog that leads back to the list."""
    form = ColumnsForm(request.GET)
    context = {
        "kept": [("cols", ""), *kept(request, form)], "dialog_title": "Columns",
        "foot": "Lead and SLA always stand in the list.", "back_url": _as_it_is(request),
    }  # fmt: skip
    return render_page(request, "desk/queue/columns.html", context, form)


def _as_it_is(request: UserRequest) -> str:
    return address(changed(request.GET, part=None))


def kept(request: UserRequest, form: Form) -> list[tuple[str, str]]:
    """What the address says besides the first value of each field of the form: it is sent along unchanged."""
    pairs = []
    for name, values in request.GET.lists():
        given = values if name not in form.fields else values[1:] if name in MANY else []
        pairs += [(name, value) for value in given if name not in ("cursor", "part")]
    return pairs


@require_safe
def queue_csv(request: UserRequest) -> HttpResponseBase:
    """The whole list with its filters, in pieces; at most five an hour and person (S26)."""
    seconds = wait_for(EXPORT, f"user{request.user.pk}")
    if seconds:
        return too_many(request, seconds)
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
