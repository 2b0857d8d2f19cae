"""Hosts whose clocks are wrong or stand at another date: libfaketime for processes, `app_now()` for the database."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from common.database.moments import database_now
from tests.clock import DatabaseClock

PROGRAM = Path(shutil.which("faketime") or "/usr/bin/faketime")
FOUND = sorted((PROGRAM.parents[1] / "lib").glob("**/libfaketime.so.1"))
needs_faketime = pytest.mark.skipif(
    not FOUND,
    reason="libfaketime is not installed (apt-get install libfaketime): real hosts' clocks stay right",
)


def clock_off_by(offset: timedelta, zone: str = "UTC", *, sleeps: bool = False) -> dict[str, str]:
    """The environment of a process whose wall clock is off, its monotonic clock not.

    A process that sleeps, as beat does, needs both off, and so an offset into the future: libfaketime cannot
    translate the end of its sleep otherwise.
    """
    return {
        "LD_PRELOAD": str(FOUND[-1]),
        "FAKETIME": f"{offset.total_seconds():+.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "0" if sleeps else "1",
        "TZ": zone,
    }


@pytest.fixture
def moved_database(database_clock: DatabaseClock) -> MovedDatabase:
    """The database's clock at another date, and ticking; given back with `database_clock`."""
    return MovedDatabase()


class MovedDatabase:
    def run_from(self, at: datetime) -> timedelta:
        """From now on it is `at`; answers how far that is from the real time."""
        offset = at - database_now()
        seconds = offset.total_seconds()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
                f"$$SELECT clock_timestamp() + make_interval(secs => {seconds})$$"
            )
        return offset
