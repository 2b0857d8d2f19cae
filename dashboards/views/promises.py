"""Past periods of the promises: what each came to when it closed, and what is known since."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest
from common.web.http import render_page
from dashboards import history, promise_rows, questions, would_be
from dashboards.kpis.asked import Kind
from dashboards.period_lines import NAMES
from dashboards.views.metrics import pager
from sla.access import contract_version_for

HERE = {"nav_key": "contract"}


@require_safe
def promises(request: UserRequest) -> HttpResponse:
    """Twelve periods of every promise. The contract shows the same list."""
    found = history.every_series(questions.asking())
    return render_page(request, "dashboards/promises.html", {"every": found} | HERE)


@require_safe
def promise(request: UserRequest, kind: str) -> HttpResponse:
    """Every period of one kind of promise, with what changed after its close."""
    if kind not in NAMES:
        raise Http404("There is no promise about a period of this kind.")
    frame = questions.asking()
    context = {"name": NAMES[Kind(kind)], "every": history.series_of(kind, frame), "zone": frame.zone.key}
    return render(request, "dashboards/promise.html", context | HERE)


@require_safe
def last_quarter(request: UserRequest, number: int) -> HttpResponse:
    """The months and the quarter that are over, judged by a version of the contract; its page shows the same."""
    version = contract_version_for(request.user, number)
    found = would_be.last_quarter_kept(version, questions.asking())
    return render_page(request, "dashboards/last_quarter.html", {"version": version, "rows": found} | HERE)


@require_safe
def rows(request: UserRequest, kind: str) -> HttpResponse:
    """The campaigns or recycled leads that one promise counts, a page at a time."""
    if kind not in promise_rows.OF_EVERYBODY:
        raise Http404("The rows of this promise are those of a metric.")
    given = request.GET.dict()
    cursor = given.pop("cursor", "")
    asked = promise_rows.read(kind, given, questions.asking())
    context: dict[str, object] = {"name": NAMES[Kind(kind)], "kind": kind, **HERE}
    if asked is not None:
        found = promise_rows.listed(*asked, cursor)
        heads = [{"label": head, "right": head == found.heads[-1]} for head in found.heads]
        context |= {"found": found, "heads": heads, "lines": found.lines, "pager": pager(request, found.page)}
    return render(request, "dashboards/promise_rows.html", context)
