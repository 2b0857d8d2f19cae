"""Two who ask at the same moment, in an order that is known: both wait for the same row, and the first is first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Thread

from django.db import connection, transaction

from leads.models import Lead

WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
PATIENCE = 20.0  # seconds


def in_line(lead: Lead, asked: Sequence[Callable[[], object]]) -> list[object]:
    """Each on a connection of its own, begun while the lead is held. Answers what each returned."""
    results: list[object] = [None] * len(asked)

    def run(place: int) -> None:
        try:
            results[place] = asked[place]()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[place]) for place in range(len(asked))]
    with transaction.atomic():
        Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        for place, thread in enumerate(threads):
            thread.start()
            _wait_for(lambda: _waiting() > place or not thread.is_alive())  # noqa: B023 - used at once
    for thread in threads:
        thread.join(PATIENCE)
    return results


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        (count,) = cursor.fetchone()
    return int(count)


def _wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "nobody waits for the lead"
        time.sleep(0.002)
