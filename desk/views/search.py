"""Search: a page with kinds as tabs, and what the palette shows while one types."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.web.http import is_htmx, too_many
from definitions.engine.text import text_key
from desk.api.limits import PALETTE, SEARCH, wait_for
from desk.navigation import items
from desk.queries.search import KINDS, SHOWN, Found
from desk.queries.search import search as find
from leads.access import companies_for, leads_for

IN_PALETTE = 6
OF_EACH = 8  # what the page shows of each kind before one kind is chosen


@require_safe
def search(request: UserRequest) -> HttpResponse:
    palette = is_htmx(request)
    seconds = wait_for(PALETTE if palette else SEARCH, f"user{request.user.pk}")
    if seconds:
        return too_many(request, seconds)
    leads, companies = leads_for(request.user), companies_for(request.user)
    words = request.GET.get("q", "")
    found = find(words, leads=leads, companies=companies, most=IN_PALETTE if palette else SHOWN + 1)
    context = {"found": found, "jumps": jumps(found.words)} if palette else page_context(request, found)
    response = render(request, f"desk/search/{'_palette' if palette else 'search'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_context(request: UserRequest, found: Found) -> dict[str, Any]:
    """The results of one kind, or the first of each; a tab for each kind says how many."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    sizes = {key: len(found.of(key)) for key in KINDS}
    many = any(size > SHOWN for size in sizes.values())
    total = f"{sum(min(size, SHOWN) for size in sizes.values())}{'+' if many else ''}"
    tabs = [_tab(found, "", "All", total)]
    tabs += [
        _tab(found, key, label, f"{min(sizes[key], SHOWN)}{'+' if sizes[key] > SHOWN else ''}")
        for key, label in KINDS.items()
    ]
    first = [hit for key in KINDS for hit in found.of(key)[:OF_EACH]]
    return {
        "found": found,
        "tabs": tabs,
        "kind": kind,
        "hits": found.of(kind)[:SHOWN] if kind else first,
        "more": sizes.get(kind, 0) > SHOWN if kind else len(first) < len(found.hits),
    }


def _tab(found: Found, key: str, label: str, count: str) -> dict[str, str]:
    query = {"q": found.words} | ({"kind": key} if key else {})
    return {"key": key, "label": label, "url": f"{reverse('desk:search')}?{urlencode(query)}", "count": count}


def jumps(words: str) -> list[dict[str, Any]]:
    """Pages of the sidebar whose name holds the words."""
    key = text_key(words)
    return [item for item in items() if key in text_key(item["label"])]
