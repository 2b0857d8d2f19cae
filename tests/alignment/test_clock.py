"""The database's clock in tests: stands still, moves, and is real again afterwards."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from tests.clock import DatabaseClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_set_clock_stands_still(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)

    assert (database_clock.now(), database_clock.now()) == (NOON, NOON)


def test_a_clock_moves_by_hand(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)

    database_clock.advance(timedelta(hours=1))

    assert database_clock.now() == NOON + timedelta(hours=1)


def test_a_released_clock_tells_the_real_time(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)

    database_clock.release()

    assert database_clock.now().year >= 2025


def test_the_clock_of_production_is_in_place_without_the_fixture(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'app_now'")

        assert cursor.fetchall() == [("SELECT clock_timestamp()",)]
