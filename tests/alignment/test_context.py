"""What admins read on every page while deadlines are behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.context import KEY
from common.database.moments import database_now
from tests.accounts.people import make_person
from tests.factories import make_handoff
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def not_looked_yet() -> None:
    cache.delete(KEY)


def offer_due(ago: timedelta) -> None:
    """An offer whose answer was due then, and which no sweep has published."""
    at = database_now() - ago - timedelta(hours=1)
    make_contract(at - timedelta(days=1), answer=timedelta(hours=1))
    happens("offered", make_handoff(at=at), at)


def page_of(client: Client, role: str) -> str:
    client.force_login(make_person(role=role))
    return client.get("/notices/").content.decode()


@pytest.mark.parametrize(("minutes", "said"), [(0.5, False), (3, True)])
def test_admins_are_told_once_deadlines_are_a_minute_behind(
    client: Client, minutes: float, said: bool
) -> None:
    offer_due(timedelta(minutes=minutes))

    assert ("Deadlines are 3 m behind" in page_of(client, "admin")) is said


@pytest.mark.parametrize("role", ["operations", "read_only", ""])
def test_nobody_else_is_told_or_pays_for_it(client: Client, role: str) -> None:
    offer_due(timedelta(minutes=3))

    with CaptureQueriesContext(connection) as asked:
        page = page_of(client, role)

    assert "behind" not in page
    assert not [query for query in asked if "min(due_at)" in query["sql"]]


def test_of_two_pages_within_seconds_one_asks(client: Client) -> None:
    client.force_login(make_person(role="admin"))

    with CaptureQueriesContext(connection) as asked:
        for _ in range(2):
            client.get("/notices/")

    assert len([query for query in asked if "min(due_at)" in query["sql"]]) == 1
