"""One owner for the servers on a data folder: whoever comes second uses what runs."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from alignment.embedded.errors import EmbeddedError
from alignment.embedded.places import Places
from alignment.embedded.postgres import Postgres
from alignment.embedded.valkey import Valkey

PATIENCE = 90.0
Progress = Callable[[str], None]


class Lock:
    """A file lock that the kernel gives back when its holder dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle: int | None = None

    @property
    def held(self) -> bool:
        return self.handle is not None

    def acquire(self) -> bool:
        """Try once. The lock stays ours until `release` or the end of this process."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self.handle = handle
        return True

    def release(self) -> None:
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


class Servers:
    """The embedded servers of one data folder, owned or joined."""

    def __init__(self, places: Places, parts: Sequence[Postgres | Valkey]) -> None:
        self.places = places
        self.parts = parts
        self.lock = Lock(places.data_dir / "owner.lock")

    @property
    def owned(self) -> bool:
        return self.lock.held

    def ensure(self, progress: Progress = lambda line: None) -> None:
        """Own and start the servers, or wait until those of another owner answer."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.owned or self.lock.acquire():
                self._start(progress)
                return
            if all(part.answers() for part in self.parts):
                return
            time.sleep(0.1)
        raise EmbeddedError(f"Another process holds {self.lock.path}, but its servers do not answer.")

    def look_after(self, progress: Progress) -> None:
        """Start again what died; take over when the owner has ended."""
        if self.owned or self.lock.acquire():
            self._start(progress)

    def stop(self) -> None:
        if self.owned:
            for part in reversed(self.parts):
                part.stop()
            self.lock.release()

    def _start(self, progress: Progress) -> None:
        if all(part.running for part in self.parts):
            return
        self.places.prepare()
        for part in self.parts:
            if not part.running:
                progress(part.name)
                part.start()
