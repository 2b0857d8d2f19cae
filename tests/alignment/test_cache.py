"""No page fails because the cache is away, and the cache holds nothing that could run (R21, S36)."""

from __future__ import annotations

import json
import time
from urllib.request import urlopen

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from accounts.models import User
from alignment.cache import ForgivingCache, JsonSerializer
from tests.live import LiveProcesses


@pytest.fixture
def away() -> ForgivingCache:
    return ForgivingCache("unix:///nowhere.sock?db=1", {"OPTIONS": {"serializer": JsonSerializer}})


def test_a_cache_that_is_away_looks_empty(away: ForgivingCache) -> None:
    away.set("a", 1)

    assert (away.get("a"), away.get("a", 7), away.add("a", 1), away.delete("a"), away.incr("a")) == (
        None,
        7,
        True,
        False,
        1,
    )


def test_values_are_kept_as_json() -> None:
    cache.set("a", {"n": [1, 2.5, None]})

    with redis.Redis.from_url(str(settings.CACHES["default"]["LOCATION"])) as server:
        assert json.loads(server.get(cache.make_key("a"))) == {"n": [1, 2.5, None]}
    assert cache.get("a") == {"n": [1, 2.5, None]}


def test_a_number_can_be_counted_up() -> None:
    cache.set("n", 1)

    assert (cache.incr("n"), cache.get("n")) == (2, 2)


def test_somebody_signs_in_while_the_broker_is_away(db: None, client: Client) -> None:
    User.objects.create_user("ada@northwater.example", "Ada", "correct horse battery")
    away = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere.sock?db=1"}

    with override_settings(CACHES={"default": away}):
        answer = client.post(
            "/login/", {"login": "ada@northwater.example", "password": "correct horse battery"}
        )

    assert answer.status_code == 302


def test_readiness_tells_of_the_broker_and_serves_on(live: LiveProcesses) -> None:
    web = live.web(REDIS_URL="unix:///nowhere.sock?db=0")
    started = time.monotonic()

    with urlopen(f"{web}/health/ready", timeout=30) as answer:
        assert json.load(answer) == {"status": "ok", "database": True, "broker": False}
    assert time.monotonic() - started < 5
