"""Doing several things at the same moment, each on a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import Barrier, Event, Thread

from django.db import connection, transaction


def at_once(actions: Iterable[Callable[[], object]]) -> list[object]:
    """Start all together; answers what each returned or raised, in their order."""
    waiting = list(actions)
    barrier, results = Barrier(len(waiting)), [None] * len(waiting)

    def run(place: int, action: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[place] = action()
        except Exception as error:  # noqa: BLE001 - whatever it raised is its result
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[place, action]) for place, action in enumerate(waiting)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def first_then_second(
    first: Callable[[], object],
    second: Callable[[], object],
    then: Callable[[], object] = lambda: None,
) -> list[object]:
    """The first one acts; once the second one waits for it, it does what comes `then`, and commits."""
    acted = Event()

    @transaction.atomic
    def act() -> object:
        try:
            done = first()
        finally:
            acted.set()
        _until_somebody_waits()
        then()
        return done

    def follow() -> object:
        acted.wait()
        return second()

    return at_once([act, follow])


def _until_somebody_waits() -> None:
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to wait")
