"""Workers outlive their broker, also in the middle of a task (E05), and end without leaving work behind (R27)."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest
import redis
from celery import Celery

from alignment import environment
from alignment.embedded.valkey import Valkey
from alignment.tasks import heartbeat
from tests.brokers import heartbeats, keys, kill, messages, start_worker
from tests.live import LiveProcesses

NAP = "tests.alignment.slow_tasks.nap"
NAPPING = "*nap-began*"


@pytest.mark.faults
def test_a_worker_survives_a_broker_killed_during_a_task(
    live: LiveProcesses, broker: Valkey, sender: Celery, eventually: Callable[..., None]
) -> None:
    worker = start_worker(live, broker)
    sender.send_task("alignment.tasks.heartbeat", queue="sync")
    eventually(lambda: heartbeats(broker) == 1, seconds=90)
    sender.send_task(NAP, [3], queue="sync")
    eventually(lambda: keys(broker, NAPPING) == 1)

    kill(broker)
    eventually(lambda: "Connection to broker lost" in live.words_of("worker-of-its-own"), seconds=90)
    broker.start()
    with redis.Redis.from_url(environment.cache_url(broker.places.redis_url)) as client:
        client.flushdb()
    sender.send_task("alignment.tasks.heartbeat", queue="sync")

    eventually(lambda: heartbeats(broker) == 1, seconds=90)
    assert worker.poll() is None


@pytest.mark.faults
def test_a_heartbeat_carries_when_it_was_sent(
    live: LiveProcesses, broker: Valkey, sender: Celery, eventually: Callable[..., None]
) -> None:
    start_worker(live, broker)

    sender.send_task(heartbeat.name, queue="sync")

    eventually(lambda: keys(broker, "*last_beat*") == 1, seconds=90)


@pytest.mark.faults
def test_a_worker_told_to_end_finishes_its_task_and_gives_back_the_others(
    live: LiveProcesses, broker: Valkey, sender: Celery, eventually: Callable[..., None]
) -> None:
    """R27: what it did is acknowledged and does not come again; what it did not begin waits for another."""
    worker = start_worker(live, broker, STANDBY_SECONDS="0.5")
    for _ in range(3):
        sender.send_task(NAP, [2], queue="sync")
    eventually(lambda: keys(broker, NAPPING) == 1 and messages(broker) == (2, 1), seconds=90)
    told_at = time.monotonic()

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(25) == 0
    assert time.monotonic() - told_at < 25
    assert messages(broker) == (2, 0)
