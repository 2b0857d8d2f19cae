"""F23: a task whose locks nobody lets go of gives up, and its next tick does all of its work once (R23)."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.db import OperationalError, connection

from alignment.celery import app
from common.database.retries import is_lost
from intake.models import ImportRun
from leads.models import Lead
from notifications.services.relay import AFTER_LOSS
from tests.faults.boss import url
from tests.faults.work import WORK, started_bulk_run, started_import, waiting_facts

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NEXT_TICK = {
    "intake.tasks.run_import": "intake.tasks.resume_imports",
    "desk.tasks.run_bulk": "desk.tasks.resume_bulk",
}
NO_DATABASE = {"alignment.tasks.heartbeat"}
TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename !~ '^(django|auth|account|mfa|socialaccount)_'
"""


@pytest.fixture(autouse=True)
def impatient() -> Generator[None, None, None]:
    """As a worker's connections are, only sooner."""
    app.loader.import_default_modules()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '30ms'")
        yield
        cursor.execute("RESET lock_timeout")


@contextmanager
def held(tables: str) -> Generator[None, None, None]:
    """Somebody who lets others read and nobody write, nor lock a row."""
    with closing(psycopg2.connect(url("postgres"))) as other, other.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield


def every_table() -> str:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return str(cursor.fetchone()[0])


def gives_up(name: str, arguments: list[object]) -> None:
    """It may be told that it lost, and nothing else."""
    try:
        app.tasks[name](*arguments)
    except OperationalError as error:
        if not is_lost(error):
            raise


@pytest.mark.parametrize("name", sorted(set(WORK) - NO_DATABASE))
def test_a_task_that_waits_in_vain_is_made_up_for_by_the_next_tick(name: str) -> None:
    arguments, check = WORK[name]()
    with held(every_table()):
        gives_up(name, arguments)

    follower = NEXT_TICK.get(name, name)
    app.tasks[follower](*(arguments if follower == name else []))

    check()


def test_an_import_that_waits_in_vain_for_its_leads_loses_no_try() -> None:
    run, check = started_import()
    for _ in range(4):  # more often than a file may kill its worker
        with held("leads_lead"):
            gives_up("intake.tasks.run_import", [run.pk])

    run.refresh_from_db()
    assert (run.tries, run.status, Lead.objects.count()) == (0, ImportRun.Status.RUNNING, 0)
    app.tasks["intake.tasks.resume_imports"]()
    check()


def test_a_long_list_that_waits_in_vain_for_its_leads_loses_no_try() -> None:
    run, check = started_bulk_run()
    for _ in range(4):
        with held("leads_lead"):
            gives_up("desk.tasks.run_bulk", [run.pk])

    run.refresh_from_db()
    assert (run.tries, run.status, run.position) == (0, "running", 0)
    app.tasks["desk.tasks.resume_bulk"]()
    check()


def test_a_fact_that_cannot_be_told_for_a_lock_is_not_parked(database_clock) -> None:
    arguments, check = waiting_facts()
    for _ in range(4):  # more often than a fact that makes no sense is tried
        with held("notifications_notice"):
            gives_up("notifications.tasks.relay_outbox", arguments)
        database_clock.advance(AFTER_LOSS + timedelta(seconds=1))

    app.tasks["notifications.tasks.relay_outbox"]()

    check()
