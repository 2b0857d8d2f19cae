"""The worker's own tick: deadlines and notices go on while beat or the broker is away (R21, F6, F13).

Beat's messages wake the same work every second or two. This thread does it besides, every few seconds, and needs
nothing but the database. Both at once do nothing twice; one of them is enough.
"""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import Any

from celery import bootsteps
from django.conf import settings
from django.db import close_old_connections

from alignment import skew
from alignment.celery import app

log = logging.getLogger(__name__)

# Queue -> the task that a worker of this queue does by itself.
WORK = {
    "sla": "sla.tasks.sweep_clocks",
    "notify": "notifications.tasks.relay_outbox",
    "sync": "leads.tasks.end_pauses",  # a clock whose pause is over must run on to be missed
    "bulk": "sla.tasks.recompute_clocks",  # signed or asked for: half of the clocks must not stay by wrong hours
}
PATIENCE = 20.0  # seconds for what they do when the worker ends (R27)


class Standby(bootsteps.StartStopStep):
    """A step of the worker that starts before its consumer, so also while no broker answers."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.over = Event()
        self.threads: list[Thread] = []

    def start(self, worker: Any) -> None:
        """One thread for each queue: mail that hangs must not keep deadlines waiting."""
        if settings.STANDBY_SECONDS <= 0:
            return
        self.threads = [
            Thread(target=self._tick, args=[name], name=f"standby {queue}", daemon=True)
            for queue, name in WORK.items()
            if queue in worker.app.amqp.queues.consume_from
        ]
        for thread in self.threads:
            thread.start()

    def stop(self, worker: Any) -> None:
        self.over.set()
        until = time.monotonic() + PATIENCE
        for thread in self.threads:
            thread.join(max(until - time.monotonic(), 0))

    def _tick(self, name: str) -> None:
        while not self.over.wait(settings.STANDBY_SECONDS):
            close_old_connections()
            try:
                app.tasks[name]()
                skew.note()  # where the clock is far ahead every message of beat looks expired
            except Exception:
                log.exception("%s failed; it is tried again", name)
            finally:
                close_old_connections()


def connect() -> None:
    app.steps["worker"].add(Standby)
