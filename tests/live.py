"""Pytest plugin: real workers, beat and web as processes on the test database, broker and roles."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import redis
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from alignment.embedded import processes
from alignment.embedded.places import places_for

PYTHON = sys.executable
QUEUES = "sla,sync,notify,bulk"
PATIENCE = 60.0
ANSWERED = 10.0  # seconds, for what a closed page still asks
OTHERS = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'relation' AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class LiveProcesses:
    """Starts what a test needs and ends it; a test may kill any of them itself."""

    def __init__(self, database: str) -> None:
        self.running: list[subprocess.Popen[bytes]] = []
        places = places_for(settings.DATA_DIR)
        self.logs = places.logs
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
        self.environment = {**inherited, "DATABASE_URL": places.database_url("baton", database)}

    def worker(
        self, queues: str = QUEUES, concurrency: int = 1, **environment: str
    ) -> subprocess.Popen[bytes]:
        name = f"w{len(self.running)}-{time.monotonic_ns()}@test"
        argv = ["-m", "celery", "-A", "alignment.worker", "worker", "--without-gossip", "--without-mingle"]
        argv += ["--queues", queues, "--concurrency", str(concurrency), "--hostname", name]
        process = self.start("worker", [*argv, "--loglevel", "INFO"], **environment)
        self.wait_until(lambda: f"{name} ready." in self.words_of("worker"), process)
        return process

    def beat(self, **environment: str) -> subprocess.Popen[bytes]:
        return self.start(
            "beat", ["-m", "celery", "-A", "alignment.worker", "beat", "--pidfile", ""], **environment
        )

    def web(self, **environment: str) -> str:
        """The address of a new web server, without a slash at its end."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        argv = ["-m", "gunicorn", "alignment.wsgi", "--bind", address, "--worker-class", "gthread"]
        process = self.start("web", [*argv, "--threads", "4", "--no-control-socket"], **environment)
        self.wait_until(lambda: _answers(f"http://{address}/health/live"), process)
        return f"http://{address}"

    def start(self, name: str, arguments: Sequence[str], **environment: str) -> subprocess.Popen[bytes]:
        with (self.logs / f"{name}.log").open("ab") as log:
            process = processes.start(
                [PYTHON, *arguments],
                env={**self.environment, **environment},
                log=log,
                death_signal=signal.SIGTERM,
            )
        self.running.append(process)
        return process

    def wait_until(self, true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while not true():
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"A process did not get ready: {self.last_words()}")
            time.sleep(0.05)

    def words_of(self, name: str) -> str:
        """All that the processes of this name have said: a traceback may push any line out of the last words."""
        return (self.logs / f"{name}.log").read_text()

    def last_words(self) -> str:
        return "\n".join(f"{log.name}: {log.read_text()[-1500:]}" for log in sorted(self.logs.glob("*.log")))

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.running:
            if not processes.wait(process, 10):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
        empty_the_broker()


def empty_the_broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushall()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


@pytest.fixture
def live(transactional_db: None) -> Generator[LiveProcesses, None, None]:
    """For tests that start, kill and count processes themselves."""
    started = LiveProcesses(str(connection.settings_dict["NAME"]))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def worker_of_module(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Generator[subprocess.Popen[bytes], None, None]:
    started = _outlasting_tests(django_db_blocker)
    yield started.worker()
    started.stop()


@pytest.fixture(scope="session")
def web_of_run(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[str, None, None]:
    started = _outlasting_tests(django_db_blocker)
    yield started.web()
    started.stop()


def _outlasting_tests(django_db_blocker: DjangoDbBlocker) -> LiveProcesses:
    with django_db_blocker.unblock():
        started = LiveProcesses(str(connection.settings_dict["NAME"]))
    started.environment["STANDBY_SECONDS"] = "0"  # the rows of a test are not for it to touch by itself
    return started


@pytest.fixture(scope="module")
def web_of_module(web_of_run: str) -> Generator[str, None, None]:
    """What was counted in one module limits nobody in the next."""
    yield web_of_run
    empty_the_broker()


@pytest.fixture
def live_worker(transactional_db: None, worker_of_module: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """One real Celery worker on all queues, shared by the tests of a module."""
    return worker_of_module


@pytest.fixture
def live_web(transactional_db: None, web_of_module: str) -> Generator[str, None, None]:
    """The address of a real web server, shared by all tests of a run.

    A page that is closed may still be answered: the tables are emptied once nobody reads them.
    """
    yield web_of_module
    until = time.monotonic() + ANSWERED
    while _others_hold_tables() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until something is true: for what other processes do, instead of sleeping."""

    def wait(true: Callable[[], object], seconds: float = 20.0) -> None:
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, f"still not true after {seconds} s"
            time.sleep(0.05)

    return wait


def _others_hold_tables() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        return bool(cursor.fetchone()[0])
