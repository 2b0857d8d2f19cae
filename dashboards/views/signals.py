"""The signals: all of a period with their sentences, and the rows behind one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.web.pages import keyset_page
from dashboards import questions, scope
from dashboards.engine import periods
from dashboards.scope import Scope
from dashboards.signals import SIGNALS, Fact, Signal

ORDER = ("-offered_at", "-pk")
HERE = {"nav_key": "dashboard"}
ASKED = ("period", "first", "last", "team", "source")


@require_safe
def signals(request: UserRequest) -> HttpResponse:
    """Every signal with what it means, also those that have nothing to say."""
    seen = scope.read(_asked(request), questions.asking())
    sides = [
        {
            "name": side,
            "signals": [
                {"signal": signal, "facts": said(seen, signal)}
                for signal in SIGNALS.values()
                if signal.side == side
            ],
        }
        for side in SIDES
    ]
    context = {"scope": seen, "sides": sides, "back_url": _dashboard(seen)}
    return render(request, "dashboards/signals.html", context | _neighbours(seen) | HERE)


@require_safe
def signal(request: UserRequest, slug: str) -> HttpResponse:
    """The leads behind one sentence, a page at a time; without one named, behind the first."""
    if slug not in SIGNALS:
        raise Http404("There is no such signal.")
    seen, found = scope.read(_asked(request), questions.asking()), SIGNALS[slug]
    facts, key = found.facts(seen), request.GET.get("about", "")
    fact = next((fact for fact in facts if fact.key == key), facts[0] if facts and not key else None)
    rows = found.rows(seen, fact.key if fact else "").select_related("lead", "team", "reason")
    page = keyset_page(rows, ORDER, cursor=request.GET.get("cursor", ""))
    context = {
        "scope": seen, "signal": found, "fact": fact, "page": page,
        "back_url": reverse("dashboards:signals") + seen.as_query(), "pager": _pager(request, page),
    }  # fmt: skip
    return render(request, "dashboards/signal.html", context | HERE)


SIDES = ("marketing", "sales")


def said(seen: Scope, signal: Signal) -> list[dict[str, Any]]:
    """Its facts of the period, each with where its rows are."""
    return [{"fact": fact, "url": _url(seen, signal, fact)} for fact in signal.facts(seen)]


def _url(seen: Scope, signal: Signal, fact: Fact) -> str:
    return reverse("dashboards:signal", args=[signal.slug]) + seen.as_query(about=fact.key)


def _asked(request: UserRequest) -> dict[str, str]:
    """What a scope reads; the rest of the address is the page's own."""
    return {name: value for name, value in request.GET.dict().items() if name in ASKED}


def _dashboard(seen: Scope) -> str:
    return reverse("dashboards:dashboard") + seen.as_query()


def _neighbours(seen: Scope) -> dict[str, str]:
    return {
        "earlier": seen.over(periods.before(seen.days)).as_query(),
        "later": seen.over(periods.after(seen.days)).as_query(),
    }


def _pager(request: UserRequest, page: Any) -> dict[str, str]:
    def link(cursor: str) -> str:
        return "?" + urlencode(request.GET.dict() | {"cursor": cursor}) if cursor else ""

    return {"summary": page.words, "previous_url": link(page.previous), "next_url": link(page.next)}
