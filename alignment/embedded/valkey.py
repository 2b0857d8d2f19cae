"""The embedded Valkey: the broker and the cache, on a socket of its own."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import redis

from alignment.embedded import processes
from alignment.embedded.errors import EmbeddedError
from alignment.embedded.places import Places, programs

PATIENCE = 30.0


class Valkey:
    """One server on one data folder. The caller holds the lock of that folder."""

    name = "Valkey"

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """False also while it still loads its data."""
        try:
            with redis.Redis(unix_socket_path=str(self.places.valkey_socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        _, server = programs(self.places.account, self.places.home.parent)
        processes.evict(self.places.valkey_data, ask=signal.SIGTERM)
        with self._log_path.open("ab") as log:
            self.process = processes.start(
                [server, *self._options()],
                env={"PATH": "/usr/bin:/bin", "TZ": "UTC"},
                log=log,
                death_signal=signal.SIGTERM,
                account=self.places.account,
            )
        self._wait_until_ready()

    def stop(self, seconds: float = 4) -> None:
        if self.process is None:
            return
        self.process.terminate()
        if not processes.wait(self.process, seconds):
            self.process.kill()
            self.process.wait()

    def _options(self) -> list[str]:
        words = {
            "port": "0",
            "unixsocket": str(self.places.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.places.valkey_data),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        return [part for name, value in words.items() for part in (f"--{name}", value)]

    @property
    def _log_path(self) -> Path:
        return self.places.logs / "valkey.log"

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.running:
            if self.answers():
                return
            time.sleep(0.02)
        raise EmbeddedError(f"Valkey does not start; see {self._log_path}.")
