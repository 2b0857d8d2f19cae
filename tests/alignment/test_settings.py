"""The house stands: database, cache and time zone are what the settings promise."""

from zoneinfo import TZPATH

from django.core.cache import cache
from django.db import connection


def test_the_database_is_postgresql_18(db: None) -> None:
    assert connection.pg_version // 10000 == 18


def test_the_cache_keeps_what_it_is_given() -> None:
    cache.set("a", "b")

    assert cache.get("a") == "b"


def test_only_the_pinned_zone_data_decides() -> None:
    assert TZPATH == ()
