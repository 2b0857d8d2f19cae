"""F7: PostgreSQL is stopped at once and started again, under sweep, accept and import (R22, R31)."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from accounts.services import keys
from alignment.celery import app
from common.database.moments import database_now
from intake.models import ImportRun
from intake.services.work import progress_of
from leads.models import Handoff, LeadEvent
from tests import plugin
from tests.factories import make_calendar, make_member, make_offer, make_team
from tests.faults.boss import as_boss
from tests.faults.due import assert_each_missed_once, make_due, swept_by_then
from tests.faults.load import Answer, Program, together
from tests.faults.sizes import size
from tests.faults.work import started_import
from tests.live import LiveProcesses

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROWS = size(500, 10_000)


@contextmanager
def database_away() -> Generator[None, None, None]:
    """`pg_ctl stop -m immediate`, and a start that recovers from the log."""
    server = plugin.postgres()
    assert server.process is not None
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait()
    try:
        yield
    finally:
        server.start()
        connection.close()


@pytest.fixture
def durable() -> Generator[None, None, None]:
    """A commit stays once it was answered, as in the product; elsewhere tests need not wait for that."""
    roles = ("baton", "baton_owner")
    first, afterwards = (
        "; ".join(f"ALTER ROLE {role} {words}" for role in roles)
        for words in ("SET synchronous_commit = 'on'", "RESET synchronous_commit")
    )
    with as_boss(first, afterwards):
        connection.close()
        yield


def accept(program: Program, offer: Handoff) -> Answer:
    return program.post(f"handoffs/{offer.public_id}/accept/", {})


def is_put_off(answer: Answer) -> bool:
    return (answer.status, answer.retry_after) == (503, "5") and answer.seconds < 5


def begun_import(eventually: Callable[..., None]) -> ImportRun:
    """One that a worker is busy with."""
    run, _ = started_import(ROWS)
    app.send_task("intake.tasks.run_import", [run.pk])
    eventually(lambda: progress_of(run) > 0, 60)
    return run


def is_done(run: ImportRun) -> bool:
    run.refresh_from_db()
    return run.status == ImportRun.Status.DONE


def accepted_once(offers: list[Handoff]) -> bool:
    rows = LeadEvent.objects.filter(handoff__in=offers, kind="accepted").values_list("handoff", flat=True)
    return Counter(rows) == Counter(offer.pk for offer in offers)


def test_an_immediate_restart_is_said_survived_and_undone_work_is_done(
    durable: None, company: LiveProcesses, eventually: Callable[..., None]
) -> None:
    rep = make_member(make_team(calendar=make_calendar()))
    offers = [make_offer(rep.memberships.get().team, rep) for _ in range(size(8, 60))]
    program = Program(company.web(), keys.create(rep, scopes=["all"])[1])
    company.worker()
    company.beat()
    due_at = database_now() + timedelta(seconds=1)
    due = make_due(size(20, 500), due_at)
    run = begun_import(eventually)

    with database_away():
        refused = together(lambda offer: accept(program, offer), offers)
    eventually(lambda: accept(program, offers[0]).status == 200, 30)
    accepted = together(lambda offer: accept(program, offer), offers[1:])
    eventually(lambda: database_now() > due_at and swept_by_then(due), 30)
    app.send_task("intake.tasks.resume_imports")  # as beat does every minute
    eventually(lambda: is_done(run), 90)

    assert all(is_put_off(answer) for answer in refused)
    assert {answer.status for answer in accepted} == {200}
    assert accepted_once(offers)
    assert_each_missed_once(due)
    assert run.report["created"] == ROWS
