"""F15: the clock of a worker's host is an hour or a day off; the database's alone decides (R4, R24)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alignment.watch import watch
from common.database.moments import database_now
from common.models import Outbox
from sla.models import Breach
from tests.factories import HOUR
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due, swept_by_then
from tests.faults.hosts import clock_off_by, needs_faketime
from tests.faults.sizes import FULL
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
# An hour ahead is the worst: every message of beat looks expired, and only the worker's own tick sweeps.
OFF = [HOUR, -HOUR, 25 * HOUR]


@needs_faketime
@pytest.mark.parametrize("off", OFF if FULL else OFF[:1], ids=str)
def test_a_worker_with_a_wrong_clock_misses_nothing_and_nothing_early(
    company: LiveProcesses, eventually, off: timedelta
) -> None:
    due_at = database_now() + timedelta(seconds=8)
    due, later = make_due(20, due_at), make_due(20, database_now() + timedelta(minutes=30))
    company.worker("sla,notify", **clock_off_by(off))
    company.beat()

    eventually(lambda: database_now() > due_at and swept_by_then(due), 60)
    eventually(lambda: "skew" in watch().yellow, 30)
    assert round(watch().skew / 60) == round(off.total_seconds() / 60)

    assert_each_missed_once(due)
    assert not Breach.objects.filter(clock__in=later).exists()
    assert max(row.detected_at - row.at for row in Breach.objects.all()) < timedelta(seconds=30)
    eventually(lambda: not Outbox.objects.filter(done_at=None).exists(), 30)
    assert_each_told_once()
