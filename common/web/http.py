"""Answering browsers: htmx and plain requests alike, and refusals in words they can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime

from common.database.moments import database_now
from common.refusals import Conflict, DomainError, Invalid

Handler = Callable[[HttpRequest], HttpResponse]
ANSWERS = frozenset({"accepted", "rejected", "redirected", "returned"})  # other acts are none
AS_IT_IS_NOW = "Show it as it is now"
TITLES = {403: "You may not do this", 409: "This cannot be done now", 422: "This cannot be done"}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def page_shown(request: HttpRequest) -> SplitResult:
    """The address on which htmx says it was asked; empty parts without one, or where it is none."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # such as http://[/
        return urlsplit("")


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, even when that is nothing; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def next_page(request: HttpRequest) -> str:
    """Where a form wants to go afterwards: its own site only, else the first page (S23)."""
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "/"


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], form: BaseForm | None = None
) -> HttpResponse:
    """A page or dialog; 422 when its form was sent and is wrong, which browser and htmx show again."""
    wrong = form is not None and form.is_bound and bool(form.errors)
    response = render(request, template, {**context, "form": form}, status=422 if wrong else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """One asked more often than one may; `seconds` until it is answered again."""
    response = render(request, "429.html", {"wait": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def done(request: HttpRequest, said: str, *args: object, to: str) -> HttpResponse:
    """After an act: the page `to` (address or name of one) says what happened, for htmx and plain forms."""
    messages.success(request, said)
    url = iri_to_uri(resolve_url(to, *args))  # as HttpResponseRedirect does: no line break in a header
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def accepted(form: BaseForm, act: Callable[[], object]) -> bool:
    """Does the act of a valid form; what the act finds wrong is written to the fields it names."""
    if not form.is_valid():
        return False
    try:
        act()
    except Invalid as refused:
        for field, reason in refused.errors.items():
            form.add_error(field if field in form.fields else None, reason)
    return not form.errors


class Refusals:
    """Middleware: turns a refusal that no view caught into an answer of its status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, exception) if isinstance(exception, DomainError) else None


def refuse(request: HttpRequest, refusal: DomainError, subject: str = "") -> HttpResponse:
    """A note for the place the act came from (htmx), or a page; `subject`: the address of what was acted on."""
    context = said(request, refusal)
    template = "components/conflict.html" if is_htmx(request) else f"{refusal.status}.html"
    overtaken = refusal.late and is_htmx(request)
    if overtaken:
        context |= _as_it_is_now(request)
    elif subject:
        context |= {"url": subject, "action": AS_IT_IS_NOW}
    response = render(request, template, context, status=refusal.status)
    patch_vary_headers(response, ["HX-Request"])
    if overtaken:
        response["HX-Trigger"] = "catch-up"  # what the page shows is older than what was refused
    return response


def _as_it_is_now(request: HttpRequest) -> dict[str, str]:
    """A link that loads the page again on which somebody was too late: its steps and buttons are as old as it."""
    shown = page_shown(request)
    address = urlunsplit(("", "", shown.path, shown.query, ""))
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return {}
    return {"url": address, "action": AS_IT_IS_NOW}


def said(request: HttpRequest, refusal: DomainError) -> dict[str, str]:
    """What the note and the page of a refusal need; who was overtaken reads by whom, and when."""
    texts = {"title": TITLES[refusal.status], "text": _words(refusal), "exception": refusal.message}
    if not isinstance(refusal, Conflict) or refusal.at is None or not refusal.did:
        return texts
    if refusal.own:
        return texts | {"title": "Done already", "text": f"{refusal.message[:-1]} {_at(refusal.at)}."}
    return texts | {
        "title": "Someone answered first" if refusal.did in ANSWERS else "Someone was first",
        "text": f"{refusal.by} {refusal.did} {_at(refusal.at)}.",
    }


def _at(at: datetime) -> str:
    words = _moment(at)
    return f"on {words}" if "," in words else f"at {words}"


def _moment(at: datetime) -> str:
    here, today = localtime(at), localtime(database_now()).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%-d %b, %H:%M}"


def _words(refusal: DomainError) -> str:
    """Who and when, where the refusal knows it."""
    if not isinstance(refusal, Conflict) or not refusal.by or refusal.at is None:
        return refusal.message
    return f"{refusal.message} {refusal.by}, {_moment(refusal.at)}."
