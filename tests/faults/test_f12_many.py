"""F12: two beats, four sweeps and two relays at once make nothing twice (R2, R18; C03, E08)."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from common.database.moments import database_now
from common.models import Outbox
from notifications.models import Delivery
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due, swept_by_then
from tests.faults.mailbox import ids_in
from tests.faults.sizes import size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_many_beats_sweeps_and_relays_do_everything_once(
    live: LiveProcesses, eventually, tmp_path: Path
) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "MAIL_FOLDER": str(tmp_path)}
    for _ in range(2):
        live.worker("sla", concurrency=2, **environment)
        live.worker("notify,sync,bulk", **environment)
        live.beat(**environment)
    due: list[int] = []

    ends = time.monotonic() + size(20, 300)
    while time.monotonic() < ends:
        due += make_due(10, database_now() + timedelta(milliseconds=500))
        time.sleep(1)
    eventually(lambda: swept_by_then(due) and not Outbox.objects.filter(done_at=None).exists(), 60)
    eventually(lambda: not Delivery.objects.filter(state="waiting").exists(), 60)

    assert_each_missed_once(due)
    assert_each_told_once()
    sent = ids_in(tmp_path)
    assert len(sent) == len(set(sent)) == Delivery.objects.filter(state="sent").count()
