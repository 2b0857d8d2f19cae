"""Accepting an offer: called directly and through HTTP, beside the same statements sent by psycopg2 alone."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

from __future__ import annotations

import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

import _offers
import _raw
import psycopg2
from _stand import machine, own_servers, postgres

SCALE = float(os.environ.get("SCALE", "1"))
CLIENTS = (1, 4, 8)
CALLS = max(int(240 * SCALE), 24)  # of all clients together, each round
WARM = 3  # of each client, not counted
ROUNDS = 3
WANTED = {"direct": 0.3, "session": 0.1, "API key": 0.1}
KEYS = 40  # of each rep: one key may call 600 times a minute
TOKEN = "b" * 32
fork = multiprocessing.get_context("fork")
Call = Callable[[int], None]


def main() -> None:
    with own_servers():
        needed = (len(WANTED) + 1) * ROUNDS * sum(CALLS + clients * (WARM + 1) for clients in CLIENTS) + 10
        offers = _offers.make(needed)
        print(f"built {needed:,} offers with {4 * needed:,} clocks", flush=True)
        with web_server() as port:
            Bench(offers, port).measure()


class Bench:
    """The ways to accept, each taking offers that nobody has taken yet."""

    def __init__(self, offers: list[int], port: int) -> None:
        self.offers, self.port, self.used = offers, port, 0
        self.reps = _offers.reps()
        self.statements = _raw.record(lambda: accept(offers[0], self.reps[0]))
        self.cookies = [cookies_of(rep) for rep in self.reps]
        self.keys = [keys_of(rep) for rep in self.reps]
        self.public = public_ids()

    def measure(self) -> None:
        self.used = 1
        found: dict[tuple[str, int], list[float]] = {}
        ways = {"raw": self.raw, "direct": self.direct, "session": self.session, "API key": self.api}
        for clients in CLIENTS:
            for number in range(ROUNDS):
                for name, way in ways.items():
                    speed = self.run(way, clients)
                    found.setdefault((name, clients), []).append(speed)
                    print(f"{clients} clients, round {number}, {name}: {speed:.0f} a second", flush=True)
        check(self.used, len(self.statements))
        tell({key: statistics.median(speeds) for key, speeds in found.items()}, len(self.statements))

    def run(self, way: Callable[[int], Call], clients: int) -> float:
        """Acceptances a second of so many clients, each a process of its own."""
        from django.db import connections

        connections.close_all()
        each = CALLS // clients
        barrier, took = fork.Barrier(clients + 1), fork.SimpleQueue()
        children = []
        for client in range(clients):
            mine = range(self.used, self.used + WARM + each)
            self.used += WARM + each
            children.append(fork.Process(target=work, args=(way, client, mine, barrier, took)))
            children[-1].start()
        barrier.wait()
        begin = perf_counter()
        for child in children:
            child.join()
        ended = max(took.get() for _ in children)
        assert all(child.exitcode == 0 for child in children)
        return each * clients / (ended - begin)

    def raw(self, client: int) -> Call:
        from django.db import connection

        options = connection.get_connection_params()
        wanted = ("dbname", "user", "host", "port", "password", "options")
        raw = psycopg2.connect(**{name: options[name] for name in wanted if options.get(name)})
        return lambda place: _raw.send_again(raw, self.statements, place)

    def direct(self, client: int) -> Call:
        return lambda place: accept(self.offers[place], self.reps[client])

    def session(self, client: int) -> Call:
        headers = {"Cookie": self.cookies[client], "X-CSRFToken": TOKEN}
        form = "application/x-www-form-urlencoded"
        return self._posting("/handoffs/{}/accept/", {**headers, "Content-Type": form}, {200, 302, 303})

    def api(self, client: int) -> Call:
        keys = self.keys[client]
        posting = [self._posting("/api/v1/handoffs/{}/accept/", _bearer(key), {200}) for key in keys[:1]]
        connection = posting[0]

        def call(place: int) -> None:
            connection(place, Authorization=f"Bearer {keys[place % len(keys)]}")  # type: ignore[call-arg]

        return call

    def _posting(self, path: str, headers: dict[str, str], right: set[int]) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port)

        def call(place: int, **further: str) -> None:
            address = path.format(self.public[self.offers[place]])
            connection.request("POST", address, body="", headers=headers | further)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status in right, (answer.status, body[:500])

        return call


def work(way: Callable[[int], Call], client: int, mine: range, barrier: Any, took: Any) -> None:
    call = way(client)
    for place in mine[:WARM]:
        call(place)
    barrier.wait()
    for place in mine[WARM:]:
        call(place)
    took.put(perf_counter())


def accept(offer: int, rep: Any) -> None:
    """The service, given what a page has read before."""
    from leads.models import Handoff
    from leads.services import handoffs

    handoffs.accept(Handoff(pk=offer, lead_id=offer - 2 * _offers.RANGE), by=rep)


def cookies_of(rep: Any) -> str:
    """A session as signing in begins it."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(rep.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = rep.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def keys_of(rep: Any) -> list[str]:
    from accounts.services import keys

    return [keys.create(rep, scopes=["all"])[1] for _ in range(KEYS)]


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def public_ids() -> dict[int, str]:
    from leads.models import Handoff

    return {key: str(public) for key, public in Handoff.objects.values_list("pk", "public_id")}


@contextmanager
def web_server() -> Iterator[int]:
    """As `make run` starts it: two processes of eight threads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "gunicorn", "alignment.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
            "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "error",
            "--config", "python:alignment.web"]  # fmt: skip
    with subprocess.Popen(argv) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < until, "the web server does not answer"
        time.sleep(0.1)


def check(used: int, statements: int) -> None:
    """Every way has done all of it."""
    from leads.models import Handoff
    from sla.models import Clock

    accepted = Handoff.objects.filter(status="accepted").count()
    answered = Clock.objects.filter(kind="answer", status="met").count()
    begun = Clock.objects.filter(kind="follow_up", status="running").count()
    assert accepted == answered == begun == used, (accepted, answered, begun, used)


def tell(speeds: dict[tuple[str, int], float], statements: int) -> None:
    print(
        f"\n{machine()}, {postgres()}; an acceptance is {statements} statements, BEGIN and COMMIT not counted"
    )
    print(f"{'clients':>8}{'raw':>8}" + "".join(f"{name:>10}{'/ raw':>8}" for name in WANTED))
    for clients in CLIENTS:
        raw = speeds["raw", clients]
        cells = ((speeds[name, clients], speeds[name, clients] / raw) for name in WANTED)
        print(f"{clients:>8}{raw:>8.0f}" + "".join(f"{speed:>10.0f}{ratio:>8.2f}" for speed, ratio in cells))
    print(
        "acceptances a second; wanted: "
        + ", ".join(f"{name} at least {share}" for name, share in WANTED.items())
    )


if __name__ == "__main__":
    main()
