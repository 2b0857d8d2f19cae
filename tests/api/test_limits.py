"""How many calls a key or a person may make, and when more are answered again."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache
from django.test import Client

from desk.api.limits import CREATE, READ, Rate, wait_for
from tests.accounts.people import make_person
from tests.api.callers import make_world
from tests.architecture.routes import routes

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def test_the_sixty_first_creation_of_a_minute_is_told_when_to_come_back_s26(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_042.0)  # else the minute may end in the middle
    world = make_world()
    statuses = [world.marketing.post("leads/", {}).status_code for _ in range(CREATE.calls)]

    answer = world.marketing.post("leads/", {})

    assert set(statuses) == {422}
    assert (answer.status_code, answer["Content-Type"]) == (429, PROBLEM)
    assert answer["Retry-After"] == "18"
    assert world.sales.post("leads/", {}).status_code == 422


def test_no_address_of_the_api_is_read_without_limit_s26() -> None:
    person = make_person(role="admin")
    client = Client()
    client.force_login(person)
    for moment in (time.time(), time.time() + READ.seconds):
        for _ in range(READ.calls):
            wait_for(READ, f"user{person.pk}", now=moment)

    lists = [route for route in routes() if route.name.startswith("api:") and route.name != "api:docs"]
    unlimited = [route.name for route in lists if client.get(route.address({})).status_code not in (405, 429)]

    assert len(lists) > 20
    assert unlimited == []


def test_a_rate_starts_again_with_the_next_span() -> None:
    rate = Rate("test", 2, 60)

    waits = [wait_for(rate, "me", now=moment) for moment in (120, 121, 130, 179, 180)]

    assert waits == [0, 0, 50, 1, 0]
