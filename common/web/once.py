"""Small questions that one page asks many times over, asked of the database once a page."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
SAFE_METHODS = ("GET", "HEAD")

_answered: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("answered", default=None)


def once_a_page(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same question, asked once while one page is built, and every time anywhere else.

    Others may change what it was asked of, such as the organisation's zone, while the page is built: the page goes
    on with the answer that it read first, and the next page reads anew. The page itself changes nothing: a GET
    writes no table but the session's. The answer is shared by all who ask, who leave it as it is; what it is
    asked with is hashable.
    """

    @wraps(ask)
    def answer(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        answered = _answered.get()
        if answered is None:
            return ask(*args, **named)
        key = (ask, args, *sorted(named.items()))
        if key not in answered:
            answered[key] = ask(*args, **named)
        found: Answer = answered[key]
        return found

    return answer


def one_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each GET or HEAD is a page. Any other request must see what it has just written."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return get_response(request)
        token = _answered.set({})
        try:
            return get_response(request)
        finally:
            _answered.reset(token)

    return handle
