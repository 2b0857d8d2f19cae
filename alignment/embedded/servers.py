"""One owner for the servers on a data folder: whoever comes second uses what runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from alignment.embedded.errors import EmbeddedError
from alignment.embedded.lock import Lock
from alignment.embedded.places import Places
from alignment.embedded.postgres import Postgres
from alignment.embedded.valkey import Valkey

PATIENCE = 90.0
Progress = Callable[[str], None]


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
