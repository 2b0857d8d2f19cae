"""What a key may reach: every address of the API needs its scope, and a view that names none lets no key in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.permissions import ANY_KEY
from accounts.services.keys import ALL, SCOPES
from tests.accounts.people import make_person
from tests.api.callers import Caller
from tests.architecture.routes import Route

pytestmark = pytest.mark.django_db
ANY = ("teams", "people", "reasons", "touch-kinds", "campaigns")
METHODS = ("get", "post", "put", "patch", "delete")
OPEN = ("api:schema", "api:docs")  # says what there is, holds no data


def views(patterns: Any, path: str = "", space: str = "") -> Iterator[tuple[Route, Any]]:
    """Every route below `/api/` with its class."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, here, pattern.namespace or space)
        elif isinstance(pattern, URLPattern) and space == "api":
            yield Route(here, f"api:{pattern.name}"), getattr(pattern.callback, "cls", None)


CALLS = [
    (route, kind, method)
    for route, kind in views(get_resolver().url_patterns)
    if route.name not in OPEN
    for method in METHODS
    if hasattr(kind, method)
]


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def address(route: Route) -> str:
    return route.address({"slug": "win-rate"})


def test_every_address_refuses_a_key_that_lacks_its_scope_s6() -> None:
    """The key may do everything else."""
    person = make_person(role="admin")
    entered = []
    for route, kind, method in CALLS:
        needed = kind.scopes[method.upper()]
        if needed == ANY_KEY:
            continue
        others = Caller(person, scopes=[scope for scope in SCOPES if scope not in (ALL, needed)])
        answer = getattr(others.client, method)(address(route), headers=others.headers())
        if (answer.status_code, answer.get("Content-Type")) != (403, "application/problem+json"):
            entered.append((route.name, method, answer.status_code))

    assert len(CALLS) > 35
    assert entered == []


def test_only_the_words_of_calls_are_for_any_key_s6() -> None:
    caller = Caller(make_person(role="admin"), scopes=["touches:write"])

    open_to_all = {route.name for route, kind, method in CALLS if kind.scopes[method.upper()] == ANY_KEY}
    statuses = {name: caller.get(f"{name}/").status_code for name in ANY}

    assert open_to_all == {f"api:{name}" for name in ANY}
    assert set(statuses.values()) == {200}


class Unscoped(APIView):
    """A view whose author forgot the scopes, and everything else that settings may say."""

    def get(self, request: Any) -> Response:
        return Response({})


def test_a_view_without_scopes_lets_no_key_in_but_sessions_as_ever_s6() -> None:
    person = make_person(role="admin")
    caller = Caller(person)
    by_key = RequestFactory().get("/", headers=caller.headers())
    by_session = APIRequestFactory().get("/")
    force_authenticate(by_session, person)

    answers = [Unscoped.as_view()(request) for request in (by_key, by_session)]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[0].data["detail"] == "No key can do this."


def test_nobody_reads_definitions_without_their_scope_s6() -> None:
    caller = Caller(make_person(role="admin"), scopes=["leads:read"])

    answer = caller.get("definitions/")

    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "This key lacks the scope definitions:read.",
    )
    assert Client().get("/api/v1/definitions/").status_code == 401
