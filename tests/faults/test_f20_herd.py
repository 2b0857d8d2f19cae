"""F20: ten thousand fall due in one second, then five thousand while no worker lives (R3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.database.moments import database_now
from common.models import Outbox
from sla.models import Breach
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.sizes import size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def latencies(clocks: list[int]) -> list[timedelta]:
    found = Breach.objects.filter(clock__in=clocks).values_list("detected_at", "at")
    return sorted(detected - due for detected, due in found)


def test_a_herd_is_found_within_the_promise_and_so_is_what_an_outage_left(
    company: LiveProcesses, eventually
) -> None:
    """Three hours of outage pass on paper: what fell due meanwhile is dated back. Telling it is left to F12."""
    worker = company.worker()
    company.beat()
    due_at = database_now() + timedelta(seconds=size(6, 150))
    herd = make_due(size(200, 10_000), due_at)
    assert database_now() < due_at
    eventually(lambda: database_now() > due_at and swept_by_then(herd), size(60, 240))

    worker.kill()
    worker.wait()
    left = make_due(size(100, 5_000), database_now() - timedelta(hours=1))
    company.worker()
    back_at = database_now()
    eventually(lambda: swept_by_then(left), 60)

    assert_each_missed_once([*herd, *left])
    assert latencies(herd)[int(len(herd) * 0.99)] < timedelta(seconds=30)
    assert Breach.objects.filter(
        clock__in=left, detected_at__lt=back_at + timedelta(seconds=60)
    ).count() == len(left)
    Outbox.objects.filter(done_at=None).update(done_at=back_at, outcome="not told here")
