"""Pytest plugin: a broker of a test's own, to be killed and started again, and a sender of tasks through it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
import redis
from celery import Celery
from django.conf import settings

from alignment import environment
from alignment.embedded.places import places_for
from alignment.embedded.valkey import Valkey
from tests.live import LiveProcesses


@pytest.fixture
def broker() -> Generator[Valkey, None, None]:
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


def kill(broker: Valkey) -> None:
    assert broker.process is not None
    broker.process.kill()
    broker.process.wait()


def start_worker(
    live: LiveProcesses, broker: Valkey, queues: str = "sync", **environment: str
) -> subprocess.Popen[bytes]:
    """One at a time that knows the tasks of tests; it gets ready by itself, and says so in `worker-of-its-own`."""
    arguments = ["-m", "celery", "-A", "alignment.worker", "worker", "--queues", queues, "--concurrency", "1"]
    arguments += ["-I", "tests.alignment.slow_tasks", "--without-gossip", "--without-mingle"]
    return live.start("worker-of-its-own", arguments, REDIS_URL=broker.places.redis_url, **environment)


def empty(broker: Valkey) -> None:
    with redis.Redis.from_url(broker.places.redis_url) as client:
        client.flushall()


def keys(broker: Valkey, pattern: str) -> int:
    """How many keys of this pattern the cache beside the broker has."""
    with redis.Redis.from_url(environment.cache_url(broker.places.redis_url)) as client:
        return len(client.keys(pattern))


def heartbeats(broker: Valkey) -> int:
    return keys(broker, "*heartbeat*")


def messages(broker: Valkey, queue: str = "sync") -> tuple[int, int]:
    """How many wait in the queue, and how many somebody took and has not acknowledged."""
    with redis.Redis.from_url(broker.places.redis_url) as client:
        return client.llen(queue), client.hlen("unacked")
