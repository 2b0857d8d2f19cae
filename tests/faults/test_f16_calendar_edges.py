"""F16: the end of a year and a leap day (R3, R11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla.models import Breach
from sla.services import clocks
from tests.clock import DatabaseClock
from tests.factories import HOUR, MINUTE, make_calendar, make_handoff
from tests.faults.due import assert_each_missed_once, make_due
from tests.faults.hosts import MovedDatabase, clock_off_by, moved_database, needs_faketime
from tests.faults.sizes import FULL
from tests.live import LiveProcesses
from tests.sla.makers import clock_of, happens, make_contract

__all__ = ["moved_database"]
pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


EDGES = {"year end": utc(2028, 1, 1), "leap day": utc(2028, 2, 29), "day after": utc(2028, 3, 1)}
# Nine to five in Berlin: the target, when it begins and when it is due.
DUE = [
    (HOUR, utc(2027, 12, 31, 15, 30), utc(2028, 1, 3, 8, 30)),
    (HOUR, utc(2028, 2, 28, 15, 30), utc(2028, 2, 29, 8, 30)),
    (24 * HOUR, utc(2028, 2, 28, 8), utc(2028, 3, 1, 16)),
]


@pytest.mark.parametrize(("target", "begins", "due"), DUE)
def test_business_time_crosses_the_edge(
    database_clock: DatabaseClock, target: timedelta, begins: datetime, due: datetime
) -> None:
    database_clock.set(begins)
    berlin = make_calendar(tz="Europe/Berlin")
    make_contract(begins - timedelta(days=1), calendar=berlin, answer=target)
    handoff = make_handoff(at=begins)
    happens("offered", handoff, begins)

    missed = [database_clock.set(due + after) and clocks.sweep().breached for after in (-MINUTE, MINUTE)]

    assert (clock_of(handoff, "answer").due_at, missed) == (due, [0, 1])


@pytest.mark.parametrize("edge", EDGES)
def test_minute_by_minute_over_midnight_each_is_missed_at_its_own(
    database_clock: DatabaseClock, edge: str
) -> None:
    start = EDGES[edge] - 5 * MINUTE
    database_clock.set(start)
    due = [make_due(1, start + minute * MINUTE)[0] for minute in range(1, 10)]

    for minute in range(11):
        database_clock.set(start + minute * MINUTE + timedelta(seconds=1))
        clocks.sweep()
        assert Breach.objects.count() == min(minute, len(due))

    assert_each_missed_once(due)


@needs_faketime
@pytest.mark.parametrize("edge", EDGES if FULL else ["leap day"])
def test_a_host_at_that_date_sweeps_what_fell_due_before_midnight(
    company: LiveProcesses, moved_database: MovedDatabase, edge: str
) -> None:
    offset = moved_database.run_from(EDGES[edge] + timedelta(seconds=1))
    due = make_due(5, EDGES[edge] - timedelta(seconds=1))
    later = make_due(5, EDGES[edge] + HOUR)

    process = company.start("sweep", ["manage.py", "sweep_clocks"], **clock_off_by(offset, "Europe/Berlin"))

    assert process.wait(60) == 0
    assert_each_missed_once(due)
    assert not Breach.objects.filter(clock__in=later).exists()
