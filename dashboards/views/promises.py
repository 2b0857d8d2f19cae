"""Past periods of the promises: what each came to when it closed, and what is known since."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from dashboards import history, questions
from dashboards.kpis.period import Kind
from dashboards.period_lines import NAMES

HERE = {"nav_key": "contract"}


@require_safe
def promises(request: UserRequest) -> HttpResponse:
    """Twelve periods of every promise. The contract shows the same list."""
    found = history.every_series(questions.asking())
    return render(request, "dashboards/promises.html", {"every": found} | HERE)


@require_safe
def promise(request: UserRequest, kind: str) -> HttpResponse:
    """Every period of one kind of promise, with what changed after its close."""
    if kind not in NAMES:
        raise Http404("There is no promise about a period of this kind.")
    frame = questions.asking()
    context = {"name": NAMES[Kind(kind)], "every": history.series_of(kind, frame), "zone": frame.zone.key}
    return render(request, "dashboards/promise.html", context | HERE)
