"""F6: with the broker down or silent, programs go on creating leads and deadlines are kept (R1, R3, R21)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.core.cache import cache

from alignment.tasks import HEARTBEAT
from common.database.moments import database_now
from common.models import Outbox
from leads.models import Lead
from sla.models import Breach
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.load import ingest, p95, together
from tests.faults.proxy import Proxy
from tests.faults.sizes import FULL, size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("fault", ["silence", "cut"] if FULL else ["silence"])
def test_without_the_broker_leads_come_in_and_misses_are_found_in_time(
    company: LiveProcesses, wire: Proxy, eventually, fault: str
) -> None:
    """Full size: the 600 leads of the promise; the outage lasts as long as they take, not ten minutes."""
    company.environment["REDIS_URL"] = wire.url
    program = ingest(company.web())
    company.worker()
    company.beat()
    usual = p95(together(lambda _: program.create(), range(40)))

    getattr(wire, fault)()
    due_at = database_now() + timedelta(seconds=2)
    due = make_due(size(50, 500), due_at)
    answers = together(lambda _: program.create(), range(size(150, 600)))
    eventually(lambda: database_now() > due_at and swept_by_then(due), 30)
    eventually(lambda: not Outbox.objects.filter(done_at=None).exists(), 30)

    wire.restore()
    cache.delete(HEARTBEAT)
    eventually(lambda: cache.get(HEARTBEAT), 60)

    assert Counter(answer.status for answer in answers) == {201: len(answers)}
    assert p95(answers) < max(1, 2 * usual)  # on a busy machine the usual takes longer too
    assert Lead.objects.filter(emails__key__endswith="@load.example").count() == 40 + len(answers)
    assert_each_missed_once(due)
    assert not Breach.objects.exclude(detected_at__lte=due_at + timedelta(seconds=30)).exists()
