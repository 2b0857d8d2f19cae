"""A file lock that the kernel gives back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """Held by at most one process; children that run another program do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle: int | None = None

    @property
    def held(self) -> bool:
        return self.handle is not None

    def acquire(self) -> bool:
        """Try once. The lock stays ours until `release` or the end of this process."""
        handle = self._open()
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

    @contextmanager
    def briefly(self) -> Generator[None, None, None]:
        """Wait for the lock, for something that takes a moment."""
        self.handle = self._open()
        fcntl.flock(self.handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            self.release()

    def _open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
