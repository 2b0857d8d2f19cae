"""Every cell of role by route by method, for a session and for a key (S1, S2), never a 500 (S31), and a GET reads.

What a page answers from may be asked once, because nothing on the way changes it (`once_a_page`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.architecture.permissions import (
    ACTS,
    ASSIGN,
    EVERYBODY,
    LEADER,
    MARKET,
    MARKETING_LEADER,
    PAGES,
    done_by,
    read_by,
)
from tests.architecture.routes import Route, routes
from tests.architecture.world import ROLES, World, make_world, shown, signed_in, walk
from tests.architecture.written import Written
from tests.factories import make_touch_kind

REFUSED, NOT_OFFERED, TOO_MANY = (401, 403, 404), 405, 429
ASKED = ("get", "post")
# 503 says that nothing sweeps here.
MAY_BE_DOWN = ("health-deadlines", "health-ready")
FOR_BROWSERS = {"api:docs"}
UNWALKED = {"account_logout"}  # it would end the walk


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world()


@pytest.fixture
def written(world: World) -> Iterator[Written]:
    writes = Written()
    with connection.execute_wrapper(writes):
        yield writes


def surprises(found: Iterator[tuple[Any, str, Any]], role: str) -> list[tuple[str, str, int]]:
    """Cells that are not as the tables say."""
    read, done, wrong = read_by(), done_by(), []
    for route, method, answer in found:
        who = read.get(route.name, EVERYBODY) if method == "get" else done.get(route.name, set())
        offered = method == "post" or route.name not in done
        status = answer.status_code
        passed = status not in (*REFUSED, NOT_OFFERED) if role in who else status in (*REFUSED, NOT_OFFERED)
        if role in who and status == NOT_OFFERED and not offered:
            passed = True  # an act without a page of its own
        if not passed or (status >= 500 and route.name not in MAY_BE_DOWN) or status == TOO_MANY:
            wrong.append((route.name, method, status))
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says_and_nothing_else(
    world: World, written: Written, role: str
) -> None:
    """And no GET writes any table but the session's (S13)."""
    client, by_reading = signed_in(world["people"][role]), set[tuple[str, str]]()

    def asked() -> Iterator[tuple[Route, str, Any]]:
        for route, method, answer in walk(client, world, ASKED):
            tables = written.since() - {"django_session"}
            by_reading.update((route.name, table) for table in tables if method == "get")
            yield route, method, answer

    written.since()
    assert surprises(asked(), role) == []
    assert by_reading == set()


def test_a_write_is_noticed(written: Written) -> None:
    make_touch_kind()

    assert written.since() == {"leads_touchkind"}


@pytest.mark.parametrize("role", ROLES)
def test_a_key_reaches_what_its_person_does(world: World, role: str) -> None:
    """S6: what it was made for takes away, and its person's role of today decides the rest."""
    found = walk(Client(raise_request_exception=False), world, ASKED, "api:", **shown(world["people"][role]))

    assert surprises((cell for cell in found if cell[0].name not in FOR_BROWSERS), role) == []


@pytest.mark.parametrize(
    ("name", "chosen", "who"),
    [
        *(("desk:bulk", {"act": act}, MARKET) for act in ("offer", "set-aside", "withdraw", "campaign")),
        ("desk:bulk", {"act": "assign"}, ASSIGN),
        ("sla:contract-sign", {"side": "marketing"}, {MARKETING_LEADER}),
        ("sla:contract-sign", {"side": "sales"}, {LEADER}),
    ],
)
def test_one_address_for_several_acts_asks_the_right_of_each(
    world: World, name: str, chosen: dict[str, str], who: set[str]
) -> None:
    world["known"] |= chosen

    passed = {
        (role, method)
        for role in ROLES
        for _, method, answer in walk(signed_in(world["people"][role]), world, ASKED, name)
        if answer.status_code not in REFUSED
    }

    assert passed == {(role, method) for role in who for method in ASKED}


def test_the_tables_name_only_routes_that_exist_and_each_once() -> None:
    for table in (PAGES, ACTS):
        named = [name for _, names in table for name in names.split()]
        assert len(named) == len(set(named))
        assert set(named) <= {route.name for route in routes()} - UNWALKED


def test_a_read_only_person_may_do_nothing_that_others_see() -> None:
    own = (
        "account_",
        "mfa_",
        "accounts:key-new",
        "accounts:settings-you",
        "accounts:session",
        "accounts:theme",
        "notifications:",
    )

    assert [name for name, who in done_by().items() if "read-only" in who and not name.startswith(own)] == []
