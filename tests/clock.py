"""Pytest plugin: the database's clock, moved by hand."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta

import pytest
from django.db import connection

MOVABLE = """
    CREATE TABLE test_clock (at timestamptz NOT NULL);
    CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT coalesce((SELECT at FROM test_clock), clock_timestamp())';
    GRANT SELECT ON test_clock TO PUBLIC;
"""


class DatabaseClock:
    """Until it is set, `app_now()` is the real time; afterwards it stands still until it is moved."""

    def set(self, at: datetime) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM test_clock")
            cursor.execute("INSERT INTO test_clock VALUES (%s)", [at])
        return at

    def advance(self, by: timedelta) -> datetime:
        return self.set(self.now() + by)

    def now(self) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_now()")
            (at,) = cursor.fetchone()
        return at

    def release(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM test_clock")


@pytest.fixture
def database_clock(request: pytest.FixtureRequest) -> Generator[DatabaseClock, None, None]:
    """Inside the test's transaction; where `transactional_db` is used, other connections see it too."""
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('app_now()'::regprocedure)")
        (original,) = cursor.fetchone()
        cursor.execute(MOVABLE)
    yield DatabaseClock()
    if connection.in_atomic_block:
        return  # rolled back with the test
    with connection.cursor() as cursor:
        cursor.execute(original)
        cursor.execute("DROP TABLE test_clock")
