"""Writing what is imported in short transactions, one at a time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

Answer = TypeVar("Answer")
TRIES = 3


def in_turn(write: Callable[[], Answer], *, undo: bool = False) -> Answer:
    """One transaction, or one savepoint of the caller's, while no other import writes; with `undo` nothing stays.

    Tried again from its beginning where someone wrote the same lead meanwhile; the next try finds it (R23).
    """
    for attempt in range(1, TRIES + 1):
        try:
            return _once(write, undo)
        except (IntegrityError, OperationalError):
            if attempt == TRIES:
                raise
            time.sleep(random.uniform(0.1, 0.5) * attempt)  # noqa: S311 - spreads retries, keeps no secret
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def _once(write: Callable[[], Answer], undo: bool) -> Answer:
    _one_at_a_time()
    done = write()
    if undo:
        transaction.set_rollback(True)
    return done


def _one_at_a_time() -> None:
    """Two imports at once would wait for each other's leads in turn; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import', 0))")
