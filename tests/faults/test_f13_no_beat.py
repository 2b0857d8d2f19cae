"""F13: without beat the worker's own tick keeps deadlines and notices, and the watchers turn yellow (R18, R26)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from alignment.tasks import BEAT, HEARTBEAT
from common.database.moments import database_now
from common.models import Outbox
from sla.models import Recompute
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due, swept_by_then
from tests.faults.work import corrected_calendar
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_without_beat_deadlines_are_kept_and_the_watchers_turn_yellow(
    company: LiveProcesses, client: Client, eventually
) -> None:
    """The two minutes until then have passed when it starts: beat's last tick is dated back."""
    for key in (BEAT, HEARTBEAT):
        cache.set(key, (database_now() - timedelta(seconds=121)).isoformat())
    company.worker("sla,notify", STANDBY_SECONDS="1")

    due_at = database_now() + timedelta(seconds=1)
    due = make_due(20, due_at)
    eventually(lambda: database_now() > due_at and swept_by_then(due), 30)
    eventually(lambda: not Outbox.objects.filter(done_at=None).exists(), 30)
    seen = client.get("/health/deadlines")

    assert_each_missed_once(due)
    assert_each_told_once()
    assert (seen.status_code, seen.json()["status"]) == (200, "warning")
    assert seen.json()["wrong"] == ["beat", "heartbeat"]


def test_without_beat_a_correction_is_worked_off_all_the_same(company: LiveProcesses, eventually) -> None:
    """R10: also one that its worker left half done."""
    _, check = corrected_calendar()
    Recompute.objects.update(total=10)
    company.worker("bulk", STANDBY_SECONDS="1")

    eventually(lambda: not Recompute.objects.filter(done_at=None).exists(), 60)

    check()
