"""The last answer: what nobody caught, without a trace of how (S31)."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import page_not_found

from common.database.retries import code_of, is_lost

SENTENCES = {
    500: "Something broke on our side. Nothing was saved.",
    503: "Baton is not ready: its database cannot be reached. Nothing was saved.",
}
OVERTAKEN = "Two people changed this at the same moment. Nothing was saved; try again."
TOO_LONG = "This question takes too long; narrow it. Nothing was saved."
NOWHERE = "There is no such address here. The docs at /api/v1/docs/ name every one."
CANCELLED = "57014"  # by statement_timeout (S25)


def server_error(request: HttpRequest) -> HttpResponse:
    """Why nothing was done, and when to come back. Django has logged the rest.

    503 while the database is away (R22), had to choose between two (R23) or ended what took too long, else 500.
    """
    error = sys.exc_info()[1]
    if is_lost(error):
        return _told(request, "overtaken", OVERTAKEN, retry_after=1)
    if code_of(error) == CANCELLED:
        return _told(request, "too_long", TOO_LONG, retry_after=60)
    away = isinstance(error, OperationalError | InterfaceError)
    status = 503 if away else 500
    response = _problem(status, SENTENCES[status]) if request.path.startswith("/api/") else _page(status)
    if away:
        response["Retry-After"] = "5"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address: to programs as a problem, to people on a page."""
    if request.path.startswith("/api/"):
        return _problem(404, NOWHERE)
    return page_not_found(request, exception)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """The address of an act, which only answers forms; or of a page, which takes none."""
    if request.path.startswith("/api/"):
        response = _problem(405, "This address does not answer that method.")
    else:
        response = render(request, "405.html", status=405)
    response["Allow"] = allowed
    return response


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token that guards forms is not the browser's: the page renews itself and keeps what was typed."""
    response = render(request, "403_csrf.html", status=403)
    response["HX-Trigger"] = "too-old"
    return response


def _told(request: HttpRequest, what: str, sentence: str, *, retry_after: int) -> HttpResponse:
    """503 in words of its own; `what` names the page, and for htmx the event."""
    if request.path.startswith("/api/"):
        response = _problem(503, sentence)
    else:
        response = HttpResponse(render_to_string(f"503_{what}.html"), status=503)
        response["HX-Trigger"] = what.replace("_", "-")
    response["Retry-After"] = str(retry_after)
    return response


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def _problem(status: int, detail: str) -> HttpResponse:
    """Written without what DRF needs: it may be what broke."""
    title = HTTPStatus(status).phrase
    body = f'{{"type": "about:blank", "title": "{title}", "status": {status}, "detail": "{detail}"}}'
    return HttpResponse(body, status=status, content_type="application/problem+json")
