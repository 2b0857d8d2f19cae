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
from common.http import is_htmx
from definitions.engine.text import text_key
from desk.api.limits import PALETTE, SEARCH, wait_for
from desk.navigation import items
from desk.queries.search import KINDS, Found
from desk.queries.search import search as find
from leads.access import companies_for, leads_for

IN_PALETTE = 6


@require_safe
def search(request: UserRequest) -> HttpResponse:
    palette = is_htmx(request)
    seconds = wait_for(PALETTE if palette else SEARCH, f"user{request.user.pk}")
    if seconds:
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(seconds)
        return response
    leads, companies = leads_for(request.user), companies_for(request.user)
    words = request.GET.get("q", "")
    found = find(words, leads=leads, companies=companies, **({"most": IN_PALETTE} if palette else {}))
    context = {"found": found, "jumps": jumps(found.words)} if palette else page_context(request, found)
    response = render(request, f"desk/search/{'_palette' if palette else 'search'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_context(request: UserRequest, found: Found) -> dict[str, Any]:
    """The results of one kind or of all, and a tab for each kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    base = reverse("desk:search")
    tabs = [
        {
            "key": "",
            "label": "All",
            "url": f"{base}?{urlencode({'q': found.words})}",
            "count": len(found.hits),
        }
    ]
    tabs += [
        {
            "key": key,
            "label": label,
            "url": f"{base}?{urlencode({'q': found.words, 'kind': key})}",
            "count": len(found.of(key)),
        }
        for key, label in KINDS.items()
    ]
    return {"found": found, "tabs": tabs, "kind": kind, "hits": found.of(kind) if kind else found.hits}


def jumps(words: str) -> list[dict[str, Any]]:
    """Pages of the sidebar whose name holds the words."""
    key = text_key(words)
    return [item for item in items() if key in text_key(item["label"])]
