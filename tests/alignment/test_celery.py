"""Workers outlive their broker, also in the middle of a task (E05)."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.conf import settings

from alignment import environment
from alignment.embedded.places import places_for
from alignment.embedded.valkey import Valkey
from alignment.tasks import heartbeat
from tests.live import LiveProcesses


@pytest.fixture
def broker() -> Generator[Valkey, None, None]:
    """A broker of its own, to be killed."""
    with tempfile.TemporaryDirectory(prefix="baton-broker-") as folder:
        Path(folder).chmod(0o711)
        places = places_for(Path(folder))
        places.prepare()
        valkey = Valkey(places)
        valkey.start()
        yield valkey
        valkey.stop()


@pytest.fixture
def sender(broker: Valkey) -> Celery:
    """Sends tasks through that broker."""
    app = Celery("sender", broker=environment.broker_url(broker.places.redis_url), set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS, task_ignore_result=True
    )
    return app


def heartbeats(broker: Valkey) -> int:
    with redis.Redis.from_url(environment.cache_url(broker.places.redis_url)) as client:
        return len(client.keys("*heartbeat*"))


def kill(broker: Valkey) -> None:
    assert broker.process is not None
    broker.process.kill()
    broker.process.wait()


def start_worker(live: LiveProcesses, broker: Valkey, sender: Celery) -> subprocess.Popen[bytes]:
    arguments = ["-m", "celery", "-A", "alignment.worker", "-b", sender.conf.broker_url, "worker"]
    arguments += ["--queues", "sync", "--concurrency", "1", "-I", "tests.alignment.slow_tasks"]
    arguments += ["--without-gossip", "--without-mingle"]  # as everywhere
    return live.start("worker-of-its-own", arguments, REDIS_URL=broker.places.redis_url)


@pytest.mark.faults
def test_a_worker_survives_a_broker_killed_during_a_task(
    live: LiveProcesses, broker: Valkey, sender: Celery, eventually: Callable[..., None]
) -> None:
    worker = start_worker(live, broker, sender)
    sender.send_task("alignment.tasks.heartbeat", queue="sync")
    eventually(lambda: heartbeats(broker) == 1, seconds=90)
    sender.send_task("tests.alignment.slow_tasks.nap", [3], queue="sync")
    eventually(lambda: sender_queue_is_empty(broker))

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
    start_worker(live, broker, sender)

    sender.send_task(heartbeat.name, queue="sync")

    eventually(lambda: keys(broker, "*last_beat*") == 1, seconds=90)


def keys(broker: Valkey, pattern: str) -> int:
    with redis.Redis.from_url(environment.cache_url(broker.places.redis_url)) as client:
        return len(client.keys(pattern))


def sender_queue_is_empty(broker: Valkey) -> bool:
    with redis.Redis.from_url(broker.places.redis_url) as client:
        return client.llen("sync") == 0
