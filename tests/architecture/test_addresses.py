"""Every page and list asked with values that mean nothing: each answers in words, none fails (S31)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from tests.architecture.routes import Route, routes
from tests.architecture.test_access import world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

NULL, NO_TEXT = "%00", "%ff"
NUMBERS = ("1" + "0" * 30, "%C2%B2")
DAYS = ("2026-02-30", "0001-01-01", "9999-12-31")
CURSORS = ("WzFd:1abcde:" + "x" * 43,)
KINDS = {
    "cursor": CURSORS,
    **dict.fromkeys(("page_size", "horizon", "amount"), NUMBERS),
    **dict.fromkeys(("from", "to", "first", "last", "start", "created_from", "created_to"), DAYS),
    **dict.fromkeys(("due_from", "due_to"), (*DAYS, "9999-12-31T23:59-14:00")),
}
QUEUE = ("view", "source", "stage", "team", "owner", "campaign", "country", "created", "created_from", "created_to",
         "clock", "q", "sort", "cursor", "part")  # fmt: skip
CLOCKS = ("kind", "status", "lead", "handoff", "team", "owner", "due_from", "due_to", "cursor", "page_size")
BREACHES = (
    "kind",
    "cause",
    "lead",
    "handoff",
    "team",
    "owner",
    "source",
    "open",
    "from",
    "to",
    "cursor",
    "page_size",
)
METRIC = ("from", "to", "by", "basis", "horizon", "team", "source", "owner", "clock", "zone", "promise")
DASHBOARD = ("period", "first", "last", "team", "source", "owner", "clock", "split")
GOAL = ("quarter", "revenue", "share", "deal", "win", "qualify", "accept", "lag", "pipeline", "attempts", "minutes",
        "reps", "hours")  # fmt: skip
MISSES = ("view", "kind", "cause", "team", "source", "from", "to", "cursor")
BULK = ("pick", "whole", "list")
FILTERS: dict[str, tuple[str, ...]] = {
    "api:leads": (*QUEUE[:-1], "page_size"),
    "api:lead-timeline": ("cursor", "page_size"),
    "api:metrics": ("cursor", "page_size"),
    "api:handoffs": ("status", "team", "owner", "lead", "cursor", "page_size"),
    "api:clocks": CLOCKS,
    "api:breaches": BREACHES,
    "api:metric": METRIC,
    "dashboards:dashboard": DASHBOARD,
    "dashboards:filter": DASHBOARD,
    "dashboards:signals": DASHBOARD,
    "dashboards:signal": (*DASHBOARD, "about", "cursor"),
    "dashboards:goal": GOAL,
    "dashboards:metric": METRIC,
    "dashboards:rows": (*METRIC, "part", "group", "cursor"),
    "dashboards:rows-csv": ("from", "team", "part", "group"),
    "sla:breaches": MISSES,
    "sla:breaches-csv": ("view", "team", "from", "to"),
    "sla:breaches-filter": MISSES,
    "sla:calendar": ("start", "amount", "year"),
    "sla:contract-start": ("cycle", "reps", "cover", "number", "picked", "on"),
    "sla:calendar-import": ("country", "region", "first", "last", "show"),
    "desk:queue": QUEUE,
    "desk:queue-filter": ("source", "stage", "owner", "created_from", "q"),
    "desk:queue-csv": ("team", "campaign", "clock", "created_to", "sort"),
    "desk:search": ("q", "kind"),
    "desk:inbox": ("view", "lead", "part"),
    "desk:lead": ("part", "view"),
    "desk:bulk": BULK,
    "desk:campaigns": ("list",),
    "desk:settings-reasons": ("verb",),
    "accounts:settings-people": ("side",),
    "accounts:start": ("token", "next"),
    "account_login": ("next",),
    "account_logout": ("next",),
    "account_reauthenticate": ("next",),
}
# What any other page might be asked; it reads none of them.
ANY = ("q", "view", "cursor", "page", "next", "format", "lang", "part", "from", "to", "id")
NEEDED = {
    "api:metric": {"from": "2026-01-01", "to": "2026-02-01"},
    "sla:contract-start": {"cycle": "weeks", "reps": "few", "cover": "office", "picked": "1"},
    "sla:calendar-import": {"country": "DE", "region": "HH", "first": "2026", "last": "2027", "show": "1"},
    "sla:calendar": {"start": "2026-01-01T09:00", "amount": "1 h"},
    "dashboards:dashboard": {"period": "custom", "first": "2026-01-01", "last": "2026-02-01"},
    "dashboards:filter": {"period": "custom", "first": "2026-01-01", "last": "2026-02-01"},
}


def questions(route: Route) -> Iterator[str]:
    """The route with each of its filters wrong in turn; one without filters is asked everything at once."""
    names = FILTERS.get(route.name)
    if names is None:
        yield "&".join(f"{name}=%00%ff" for name in ANY)
        return
    yield "&".join(f"{name}={NO_TEXT}" for name in names)
    for name in names:
        rest = {key: said for key, said in NEEDED.get(route.name, {}).items() if key != name}
        for value in (NULL, *KINDS.get(name, ())):
            yield "&".join(filter(None, [f"{name}={value}", urlencode(rest)]))


def test_no_address_fails_whatever_its_filters_are_given(world) -> None:  # noqa: F811
    client = Client(raise_request_exception=False)
    client.force_login(world["people"]["admin"])
    failed = []

    for route in routes():
        if route.name.startswith("health"):
            continue  # 503 says that nothing sweeps here
        cache.clear()  # the limits have tests of their own
        for query in questions(route):
            answer = client.get(f"{route.address(world['known'])}?{query}")
            if answer.status_code >= 500:
                failed.append((route.name, query, answer.status_code))

    assert failed == []


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("dashboards:dashboard", "source=a%00", 422),
        ("dashboards:metric", "team=a%00", 422),
        ("sla:breaches", "team=a%00", 200),
        ("desk:queue", "source=a%00", 200),
        ("desk:search", "q=%00", 200),
    ],
)
def test_a_null_character_is_answered_in_the_words_of_the_page(world, name, query, status) -> None:  # noqa: F811
    client = Client()
    client.force_login(world["people"]["admin"])
    route = next(route for route in routes() if route.name == name)

    answer = client.get(f"{route.address(world['known'])}?{query}")

    assert answer.status_code == status
    assert b"<h1" in answer.content


def test_every_filter_that_is_asked_belongs_to_a_route() -> None:
    assert set(FILTERS) - {route.name for route in routes()} == set()
