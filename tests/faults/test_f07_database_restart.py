"""F7: PostgreSQL is stopped at once and started again, under sweep, accept and import (R22, R31)."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from accounts.services import keys
from alignment.celery import app
from common.moments import database_now
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


def is_done(run: ImportRun) -> bool:
    run.refresh_from_db()
    return run.status == ImportRun.Status.DONE


def accepted_once(offers: list[Handoff]) -> bool:
    rows = LeadEvent.objects.filter(handoff__in=offers, kind="accepted").values_list("handoff", flat=True)
    return Counter(rows) == Counter(offer.pk for offer in offers)


def test_an_immediate_restart_is_said_survived_and_undone_work_is_done(
    durable: None, company: LiveProcesses, eventually: Callable[..., None]
) -> None:
    team = make_team(calendar=make_calendar())
    rep = make_member(team)
    offers = [make_offer(team, rep) for _ in range(size(8, 60))]
    program = Program(company.web(), keys.create(rep, scopes=["all"])[1])
    company.worker()
    company.beat()
    due_at = database_now() + timedelta(seconds=1)
    due = make_due(size(20, 500), due_at)
    run, _ = started_import(size(500, 10_000))
    app.send_task("intake.tasks.run_import", [run.pk])
    eventually(lambda: progress_of(run) > 0, 60)

    assert not is_done(run)
    with database_away():
        refused = together(lambda offer: accept(program, offer), offers)
    back_at = time.monotonic()
    eventually(lambda: accept(program, offers[0]).status == 200, 30)
    accepted = together(lambda offer: accept(program, offer), offers[1:])
    eventually(lambda: database_now() > due_at and swept_by_then(due), 30)
    recovered = time.monotonic() - back_at
    app.send_task("intake.tasks.resume_imports")  # as beat does every minute
    eventually(lambda: is_done(run), 90)

    assert {(answer.status, answer.retry_after) for answer in refused} == {(503, "5")}
    assert max(answer.seconds for answer in refused) < 5
    assert {answer.status for answer in accepted} == {200}
    assert recovered < 30
    assert accepted_once(offers)
    assert_each_missed_once(due)
    assert run.report["created"] == size(500, 10_000)
