"""`up`: everything that Baton needs, started in order, kept running, stopped together."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from accounts.models import User
from alignment import environment, schema
from alignment.announcement import announcement
from alignment.embedded.errors import EmbeddedError
from alignment.embedded.servers import Servers
from alignment.entry import prepare
from alignment.supervisor import Child, Supervisor, run_to_the_end
from alignment.web import gate

TICK = 0.25
PATIENCE = 90.0
PYTHON = sys.executable
MANAGE = str(environment.PROJECT / "manage.py")

T = TypeVar("T")


class StopError(Exception):
    """Somebody asked us to end."""


class Command(BaseCommand):
    help = "Run database, broker, web, workers and beat until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.host, self.port = address()
        self.supervisor = Supervisor(self.say)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self.interrupt)
        servers = prepare()
        try:
            self.start(servers)
            self.watch(servers)
        except StopError:
            self.say("Stopping")
        finally:
            self.end(servers)

    def interrupt(self, *_: object) -> None:
        """Only the first signal counts; the way down is bounded in time anyway."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        raise StopError

    def start(self, servers: Servers | None) -> None:
        self.started_at = time.monotonic()
        if servers:
            servers.ensure(lambda name: self.say(f"Starting {name}"))
        web, *others = children(self.host, self.port, logs())
        with gate().briefly():
            self.supervisor.start(web)  # loads beside what follows, and opens its port afterwards
            self.asking(servers, self.prepare_data)
        self.say("Starting web, workers and beat")
        self.wait_for_the_web()
        for child in others:
            self.supervisor.start(child)
        self.say(self.asking(servers, lambda: announcement(self.url, logs())))

    def asking(self, servers: Servers | None, ask: Callable[[], T]) -> T:
        """Whose servers we joined may end while we start: then they become ours, and we ask again."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except OperationalError as error:
                if servers is None or time.monotonic() > until:
                    raise CommandError(f"The database does not answer: {error}") from None
            connection.close()
            self.look_after(servers)
            time.sleep(TICK)

    def prepare_data(self) -> None:
        if schema.pending():
            self.say("Migrating the database")
            self.manage("migrate", "--verbosity", "0", "--skip-checks")
        if settings.DEMO and not _anybody():
            self.say("Writing the demo company")
            self.manage("seed_demo")

    def manage(self, *arguments: str) -> None:
        if run_to_the_end([PYTHON, MANAGE, *arguments]) != 0:
            raise CommandError(f"`manage.py {arguments[0]}` failed; the lines above say why.")

    def wait_for_the_web(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.answers():
                return
            self.supervisor.look_after()
            time.sleep(TICK)
        raise CommandError(f"The web server does not answer; see {logs() / 'web.log'}.")

    def answers(self) -> bool:
        client = HTTPConnection(_local(self.host), self.port, timeout=10)
        try:
            client.request("GET", "/health/live")
            return client.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            client.close()

    def watch(self, servers: Servers | None) -> None:
        while True:
            time.sleep(TICK)
            self.supervisor.look_after()
            if servers:
                self.look_after(servers)

    def look_after(self, servers: Servers) -> None:
        try:
            servers.look_after(lambda name: self.say(f"Starting {name} again"))
        except EmbeddedError as error:
            self.say(f"{error} Trying again.")
            time.sleep(5)

    def end(self, servers: Servers | None) -> None:
        self.supervisor.stop(seconds=15)
        if servers:
            servers.stop()
        self.say("Stopped")

    def say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.started_at:6.1f} s  {text}")
        self.stdout.flush()

    @property
    def url(self) -> str:
        return f"{environment.url_of(_local(self.host), self.port)}/"


def address() -> tuple[str, int]:
    """HOST and PORT, after a look whether they can be had."""
    host, word = environment.text("HOST", "127.0.0.1"), environment.text("PORT", "8000")
    if not (word.isdigit() and 0 < int(word) < 65536):
        raise CommandError(f"PORT must be a number from 1 to 65535, not {word!r}.")
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, int(word), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        raise CommandError(
            f"Port {word} on {host} {why}; stop what runs there or set PORT to another."
        ) from None
    return host, int(word)


def children(host: str, port: int, folder: Path) -> list[Child]:
    """Web first; the clocks have a worker of their own, so that nothing can keep them waiting."""
    celery = [PYTHON, "-m", "celery", "--app", "alignment.worker"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [PYTHON, "-m", "gunicorn", "alignment.wsgi", "--bind", bind, "--worker-class", "gthread"]
    web += ["--workers", "2", "--threads", "8", "--graceful-timeout", "10", "--no-control-socket"]
    web += ["--config", "python:alignment.web"]
    name = f"{os.getpid()}@%h"
    return [
        Child("web", web, folder / "web.log"),
        Child(
            "sla worker",
            [*worker, "--queues", "sla", "--concurrency", "1", "--hostname", f"sla-{name}"],
            folder / "worker-sla.log",
        ),
        Child(
            "worker",
            [*worker, "--queues", "sync,notify,bulk", "--concurrency", "2", "--hostname", f"rest-{name}"],
            folder / "worker.log",
        ),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""], folder / "beat.log"),
    ]


def logs() -> Path:
    folder = settings.DATA_DIR / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(folder)


def _anybody() -> bool:
    try:
        return User.objects.exists()
    finally:
        connection.close()


def _local(host: str) -> str:
    """Where to reach a server that listens everywhere."""
    return environment.EVERYWHERE.get(host, host)
