"""The last answer: what nobody caught, without a trace of how (S31)."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

SENTENCES = {
    500: "Something broke on our side. Nothing was saved.",
    503: "Baton is not ready: its database cannot be reached. Nothing was saved.",
}
OVERTAKEN = "Two people changed this at the same moment. Nothing was saved; try again."
# The database ended one of two transactions: deadlock, serialization failure, a lock that nobody let go of.
LOST = ("40P01", "40001", "55P03")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away (R22) or had to choose between two (R23), else 500. Django has logged why."""
    error = sys.exc_info()[1]
    if getattr(getattr(error, "__cause__", None), "pgcode", None) in LOST:
        return _overtaken(request)
    away = isinstance(error, OperationalError | InterfaceError)
    status = 503 if away else 500
    response = _problem(status, SENTENCES[status]) if request.path.startswith("/api/") else _page(status)
    if away:
        response["Retry-After"] = "5"
    return response


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token that guards forms is not the browser's: the page renews itself and keeps what was typed."""
    response = render(request, "403_csrf.html", status=403)
    response["HX-Trigger"] = "too-old"
    return response


def _overtaken(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        response = _problem(503, OVERTAKEN)
    else:
        response = HttpResponse(render_to_string("503_overtaken.html"), status=503)
        response["HX-Trigger"] = "overtaken"
    response["Retry-After"] = "1"
    return response


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def _problem(status: int, detail: str) -> HttpResponse:
    body = f'{{"type": "about:blank", "status": {status}, "detail": "{detail}"}}'
    return HttpResponse(body, status=status, content_type="application/problem+json")
