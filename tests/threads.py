"""Doing several things at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Barrier, Thread

from django.db import connection


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
