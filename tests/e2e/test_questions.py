"""No page asks the database the same question again for every row it shows."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from leads.models import Lead
from tests.clock import DatabaseClock
from tests.e2e.pages import Pages, make_pages
from tests.e2e.world import World, make_story, make_world
from tests.factories import HOUR, NOON

AGAIN = 5  # parts of one page that stand for themselves, such as promises, may ask the same
LISTS = (
    "/api/v1/leads/", "/api/v1/handoffs/", "/api/v1/touches/", "/api/v1/clocks/", "/api/v1/breaches/",
    "/leads/?view=all", "/search/?q=example", "/metrics/offered/leads/", "/notices/",
)  # fmt: skip
# The clock of the database, and what the library of second factors asks about one person.
ALLOWED = re.compile(r'^SELECT app_now\(\)|"mfa_authenticator"')
VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+\b|\b(?:IN|VALUES) \(.*?\)")


@pytest.fixture
def pages(database_clock: DatabaseClock) -> tuple[World, Pages]:
    """A company with more leads than `AGAIN` in every list, none of whom has a name."""
    database_clock.set(NOON)
    world = make_world()
    story = make_story(world)
    for number in range(AGAIN + 1):
        world.offered(f"Fresh Lead{number}", NOON - HOUR)
        world.offered(f"Late Lead{number + 10}", NOON - 9 * HOUR)
        world.talked(f"Reached Lead{number + 20}", NOON - 4 * HOUR)
    made = make_pages(world, story)
    Lead.objects.update(first_name="", last_name="")
    return world, made


@pytest.mark.slow
def test_no_page_asks_the_same_question_for_every_row(pages: tuple[World, Pages]) -> None:
    world, made = pages

    asked = {
        f"{person} {address}": again
        for person in (made.reader, world.lena)
        for address in (*made.addresses(), *LISTS)
        if (again := asked_again(person, address))
    }

    assert asked == {}


def asked_again(person: User, address: str) -> list[tuple[int, str]]:
    """The questions that one page asks more often than its parts explain, whatever the values in them."""
    client = Client()
    client.force_login(person)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    counted = Counter(VALUES.sub("?", query["sql"]) for query in captured.captured_queries)
    return [(n, sql) for sql, n in counted.items() if n > AGAIN and not ALLOWED.search(sql)]
