"""How long the database lets each kind of process work and wait, as it says itself in such a process (S25, R23)."""

from __future__ import annotations

import subprocess

import pytest

from alignment.environment import LIMITS
from tests.live import PYTHON, LiveProcesses

ASK = """
import {entry}
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT name, setting, unit FROM pg_settings WHERE name = ANY(%s)", [{names}])
    print(*(f"{{name}}={{setting}}{{unit}}" for name, setting, unit in sorted(cursor.fetchall())))
"""
PROMISED = "idle_in_transaction_session_timeout={idle}ms lock_timeout=3000ms statement_timeout={statement}ms"


@pytest.mark.parametrize(
    ("entry", "statement", "idle"), [("alignment.wsgi", 5_000, 10_000), ("alignment.worker", 60_000, 60_000)]
)
def test_web_and_worker_have_the_limits_that_are_promised(
    live: LiveProcesses, entry: str, statement: int, idle: int
) -> None:
    """A process that loads what gunicorn and celery load, and nothing else."""
    chosen = LIMITS.values()  # what this installation may say must not decide here
    environment = {name: value for name, value in live.environment.items() if name not in chosen}
    code = ASK.format(entry=entry, names=list(LIMITS))

    said = subprocess.run([PYTHON, "-c", code], env=environment, check=True, capture_output=True, text=True)

    assert said.stdout.strip() == PROMISED.format(idle=idle, statement=statement)
