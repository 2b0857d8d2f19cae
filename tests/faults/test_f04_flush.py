"""F4: the broker loses everything in the middle of due clocks, and nothing is lost (R1, C07, E12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.database.moments import database_now
from common.models import Outbox
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.sizes import size
from tests.live import LiveProcesses, empty_the_broker

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_a_flushed_broker_loses_no_deadline(live: LiveProcesses, eventually, tmp_path) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "MAIL_FOLDER": str(tmp_path)}
    now = database_now()
    due = make_due(size(100, 500), now - timedelta(seconds=1)) + make_due(
        size(100, 500), now + timedelta(seconds=8)
    )
    live.worker(**environment)
    live.beat(**environment)

    eventually(lambda: Outbox.objects.filter(topic="clock.breached").exists(), 60)
    empty_the_broker()
    eventually(lambda: database_now() > now + timedelta(seconds=9) and swept_by_then(due), 60)

    assert_each_missed_once(due)
