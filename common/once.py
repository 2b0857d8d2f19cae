"""Small questions that one page asks many times over, asked of the database once a page."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer")
SAFE_METHODS = ("GET", "HEAD")

_answered: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("answered", default=None)


def once_a_page(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """The same question, asked once while one page is built, and every time anywhere else.

    For labels and settings, whose answer nobody changes: it is shared by all who ask.
    """

    @wraps(ask)
    def answer() -> Answer:
        answered = _answered.get()
        if answered is None:
            return ask()
        if ask not in answered:
            answered[ask] = ask()
        found: Answer = answered[ask]
        return found

    return answer


def one_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each request that only reads is a page. One that writes must see what it has just written."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return get_response(request)
        token = _answered.set({})
        try:
            return get_response(request)
        finally:
            _answered.reset(token)

    return handle
