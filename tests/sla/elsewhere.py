"""What another connection does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.db import connection, transaction

SOON = 20  # seconds


def in_its_own_connection(what: Callable[..., Any], *arguments: Any) -> None:
    try:
        what(*arguments)
    finally:
        connection.close()


@contextmanager
def open_transaction(what: Callable[[], Any]) -> Iterator[None]:
    """Another connection has done `what`, and commits when the block ends."""
    written, over = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            what()
            written.set()
            over.wait(SOON)

    thread = Thread(target=in_its_own_connection, args=[write])
    thread.start()
    try:
        assert written.wait(SOON), "it did not get so far"
        yield
    finally:
        over.set()
        thread.join(SOON)
