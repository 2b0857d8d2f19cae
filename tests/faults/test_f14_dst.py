"""F14: the nights on which clocks are put back or forward (A01, E06, R3, R11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla.models import Breach
from sla.services import clocks
from tests.clock import DatabaseClock
from tests.factories import HOUR, MINUTE, make_calendar, make_handoff
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.hosts import MovedDatabase, clock_off_by, moved_database, needs_faketime
from tests.faults.sizes import full_only
from tests.live import LiveProcesses
from tests.sla.makers import clock_of, happens, make_contract

__all__ = ["moved_database"]
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# The first minute of half an hour around the change, and where it happens.
NIGHTS = {
    "Berlin, back": (utc(2026, 10, 25, 0, 50), "Europe/Berlin"),
    "Berlin, forward": (utc(2026, 3, 29, 0, 50), "Europe/Berlin"),
    "New York, back": (utc(2026, 11, 1, 5, 50), "America/New_York"),
}
# The moments of change in a later year: a host that sleeps can only be ahead.
AHEAD = {
    "Berlin, back": (utc(2035, 10, 28, 1), "Europe/Berlin"),
    "Berlin, forward": (utc(2035, 3, 25, 1), "Europe/Berlin"),
    "New York, back": (utc(2035, 11, 4, 6), "America/New_York"),
}
# Business hours or all hours, the target, when it begins and when it is due.
DUE = [
    (True, HOUR, utc(2026, 10, 23, 14, 30), utc(2026, 10, 26, 8, 30)),
    (True, HOUR, utc(2026, 3, 27, 15, 30), utc(2026, 3, 30, 7, 30)),
    (False, 24 * HOUR, utc(2026, 10, 24, 10), utc(2026, 10, 25, 10)),
    (False, 24 * HOUR, utc(2026, 3, 28, 11), utc(2026, 3, 29, 11)),
]


@pytest.mark.parametrize(("business", "target", "begins", "due"), DUE)
def test_what_spans_the_night_is_due_at_the_same_hour_of_the_clock_on_the_wall(
    database_clock: DatabaseClock, business: bool, target: timedelta, begins: datetime, due: datetime
) -> None:
    database_clock.set(begins)
    calendar = make_calendar(tz="Europe/Berlin") if business else None
    make_contract(begins - timedelta(days=1), calendar=calendar, answer=target)
    handoff = make_handoff(at=begins)
    happens("offered", handoff, begins)

    missed = [
        database_clock.set(due + after) and clocks.sweep().breached for after in (-HOUR, -MINUTE, MINUTE)
    ]

    assert clock_of(handoff, "answer").due_at == due
    assert missed == [0, 0, 1]


@pytest.mark.parametrize("night", NIGHTS)
def test_minute_by_minute_through_the_night_each_is_missed_at_its_own(
    database_clock: DatabaseClock, night: str
) -> None:
    start, _ = NIGHTS[night]
    database_clock.set(start)
    due = [make_due(1, start + minute * MINUTE)[0] for minute in range(1, 30)]

    for minute in range(31):
        database_clock.set(start + minute * MINUTE + timedelta(seconds=1))
        clocks.sweep()
        assert Breach.objects.count() == min(minute, len(due))

    assert_each_missed_once(due)


@needs_faketime
@full_only
@pytest.mark.parametrize("night", AHEAD)
def test_worker_and_beat_on_a_host_of_that_zone_go_on_through_the_change(
    company: LiveProcesses, moved_database: MovedDatabase, eventually, night: str
) -> None:
    """From ten seconds before the change; both clocks stand there, and beat alone wakes the sweep."""
    change, zone = AHEAD[night]
    offset = moved_database.run_from(change - timedelta(seconds=10))
    company.environment |= clock_off_by(offset, zone, sleeps=True) | {"STANDBY_SECONDS": "0"}
    due = make_due(5, change - timedelta(seconds=5)) + make_due(5, change + timedelta(seconds=4))
    company.worker("sla")
    company.beat()

    eventually(lambda: swept_by_then(due) and Breach.objects.count() == len(due), 60)

    assert_each_missed_once(due)
    late = max(row.detected_at - row.at for row in Breach.objects.filter(at__gt=change))
    assert late < timedelta(seconds=30)  # R3
