"""F2: workers, their children and beat are killed at random while leads fall due: none lost, none doubled (R2, R18)."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest

from common.database.moments import database_now
from common.models import Outbox
from notifications.models import Delivery
from sla.models import Breach
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.faults.mailbox import ids_in
from tests.faults.sizes import size
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
CHANCE = random.Random(2)
CELERY = ["-m", "celery", "-A", "alignment.worker"]
WORKER = [*CELERY, "worker", "--without-gossip", "--without-mingle", "--concurrency", "1", "--queues"]


class Keeper:
    """Keeps workers and a beat running, as `up` and compose do, and kills one of them or of their children."""

    def __init__(self, company: LiveProcesses) -> None:
        self.company = company
        self.commands = {
            "sla": [*WORKER, "sla", "--hostname", "sla@test"],
            "rest": [*WORKER, "notify,sync,bulk", "--hostname", "rest@test"],
            "beat": [*CELERY, "beat", "--pidfile", ""],
        }
        self.running: dict[str, Popen[bytes]] = {}
        self.look_after()

    def look_after(self) -> None:
        for name, command in self.commands.items():
            if name not in self.running or self.running[name].poll() is not None:
                self.running[name] = self.company.start(name, command)

    def kill_one(self) -> None:
        process = self.running[CHANCE.choice([*self.running])]
        victims = [process.pid, *children_of(process.pid)]
        try:
            os.kill(CHANCE.choice(victims), signal.SIGKILL)
        except ProcessLookupError:  # a child that ended by itself
            pass


def children_of(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:  # it ended meanwhile
        return []
    return [int(child) for child in found.split()]


def test_random_kills_lose_and_double_nothing(
    company: LiveProcesses, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """Full size: 60 kills in three minutes; more of them and no worker lives long enough to start."""
    keeper, due = Keeper(company), []
    for _ in range(size(4, 60)):
        due += make_due(20, database_now() + timedelta(seconds=1))
        time.sleep(CHANCE.uniform(0.5, 4))  # the moment of the kill is what the test is about
        keeper.kill_one()
        keeper.look_after()

    eventually(lambda: Breach.objects.filter(clock__in=due).count() == len(due), 60)
    eventually(lambda: not Outbox.objects.filter(done_at=None).exists(), 120)
    untried = Delivery.objects.filter(state="waiting", attempts=0)
    eventually(lambda: not untried.exclude(why="held: many at once").exists(), 60)  # five minutes, by R17

    assert_each_missed_once(due)
    assert_each_told_once()
    sent = ids_in(tmp_path)
    assert len(sent) - len(set(sent)) <= size(4, 60)  # R14: only where one dies between sending and noting it
