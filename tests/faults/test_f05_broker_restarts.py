"""F5: the broker is killed and started again, and workers go on consuming without a restart (R21, E05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from alignment.embedded.valkey import Valkey
from common.database.moments import database_now
from tests.brokers import empty, heartbeats, kill
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.sizes import size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def test_after_each_restart_of_the_broker_workers_consume_again(
    company: LiveProcesses, broker: Valkey, eventually: Callable[..., None]
) -> None:
    """With no tick of their own: what is swept came through the broker."""
    company.environment |= {"REDIS_URL": broker.places.redis_url, "STANDBY_SECONDS": "0"}
    workers = [company.worker("sla"), company.worker("sync,notify,bulk")]
    workers.append(company.beat())
    due: list[int] = []

    def goes_on() -> bool:
        return swept_by_then(due) and heartbeats(broker) > 0

    for _ in range(size(1, 5)):
        due += make_due(size(20, 200), database_now() + timedelta(milliseconds=200))
        kill(broker)
        broker.start()
        empty(broker)
        eventually(goes_on, 30)

    assert [worker.poll() for worker in workers] == [None] * 3
    assert_each_missed_once(due)
