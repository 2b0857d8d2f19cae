"""F26: a calendar is corrected under running clocks, the worker dies on the way, sweeps go on (R10, R18)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import connection

from calendars import services as calendars
from calendars.models import Calendar
from common.database.moments import database_now
from sla.models import Breach, Clock, ClockEvent, Excuse, Recompute
from sla.services import clocks, invariants
from sla.services.recompute import requests, work
from tests.factories import make_calendar, make_handoff, make_person
from tests.faults.due import TARGET, make_due, swept_by_then
from tests.faults.sizes import size
from tests.live import LiveProcesses
from tests.sla.makers import happens, make_contract

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
KILLED = -9
PORTIONS = 20


def running_clocks(count: int) -> tuple[Calendar, list[int]]:
    """Clocks by one calendar: most due in three quarters of an hour, every tenth within the next seconds."""
    now, calendar = database_now(), make_calendar(EVERY_DAY)
    make_contract(since=now - timedelta(days=2), calendar=calendar, answer=TARGET)
    happens("offered", make_handoff(at=now), now)
    later = make_due(count - count // 10 - 1, now + 3 * TARGET / 4)  # before the first warning
    soon = [key for after in range(10) for key in make_due(count // 100, now + timedelta(seconds=after))]
    return calendar, [*later, *soon, *Clock.objects.filter(started_at=now).values_list("pk", flat=True)]


def forget_a_holiday(calendar: Calendar) -> Recompute:
    """Neither today nor its neighbours should have counted."""
    today = database_now().date()
    closed = [(today + timedelta(days=days)).isoformat() for days in (-1, 0, 1)]
    version = calendars.revise(calendar, {"tz": "UTC", "hours": EVERY_DAY, "holidays": closed}, by=None)
    return requests.correct(calendar, seen=version.number, by=make_person(role="operations"))


@contextmanager
def sweeps() -> Iterator[None]:
    """As the worker makes them, until the block ends."""
    over = Event()

    def sweep() -> None:
        while not over.wait(0.2):
            clocks.sweep()
        connection.close()

    thread = Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)


def work_until_killed(live: LiveProcesses, limit: int) -> int | None:
    process = live.start("doomed", ["-m", "tests.faults.doomed_recompute", str(limit), "40"])
    return process.wait(120)


def longest_lag(since: datetime) -> timedelta:
    missed = Breach.objects.filter(at__gte=since).values_list("at", "detected_at")
    return max((detected - at for at, detected in missed), default=timedelta())


def test_a_correction_survives_the_death_of_its_worker_while_sweeps_go_on(
    live: LiveProcesses, eventually
) -> None:
    count = size(600, 20_000)
    calendar, keys = running_clocks(count)
    recompute = forget_a_holiday(calendar)
    asked = recompute.requested_at

    with sweeps():
        assert work_until_killed(live, count // PORTIONS) == KILLED
        recompute.refresh_from_db()
        assert recompute.done_at is None
        assert 0 < recompute.visited < count
        eventually(lambda: work.work_off() == 0 and Recompute.objects.filter(done_at=None).count() == 0, 120)
        eventually(lambda: swept_by_then(keys), 30)

    recompute.refresh_from_db()
    assert_each_clock_once(keys, recompute)
    assert longest_lag(asked) < timedelta(seconds=5)
    assert invariants.broken() == {}
    assert clocks.replay().differs == 0


def assert_each_clock_once(keys: list[int], recompute: Recompute) -> None:
    """It runs by the right hours, with one line that says so, or it was missed before and is excused."""
    moved = set(Clock.objects.filter(pk__in=keys, status="running").values_list("pk", flat=True))
    by_right = Clock.objects.filter(pk__in=moved, calendar_version=recompute.calendar_version)
    lines = Counter(ClockEvent.objects.filter(kind="recomputed").values_list("clock", flat=True))
    excused = Excuse.objects.filter(decision="granted").values_list("breach__clock", flat=True)

    assert by_right.count() == len(moved) == recompute.moved
    assert lines == Counter(moved)
    assert Counter(excused) == Counter(set(keys) - moved)
