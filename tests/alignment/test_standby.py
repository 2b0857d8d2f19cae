"""What a worker does by itself while beat or the broker is away."""

from __future__ import annotations

import pytest

from alignment.celery import app
from alignment.standby import WORK


@pytest.mark.parametrize("queue", WORK)
def test_a_worker_ticks_by_itself_only_for_tasks_of_its_own_queues(queue: str) -> None:
    """R21: otherwise a worker would do the work of another, or none would do it."""
    app.loader.import_default_modules()

    assert WORK[queue] in app.tasks
    assert app.amqp.router.route({}, WORK[queue])["queue"].name == queue
