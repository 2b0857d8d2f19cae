"""A recompute ends only when no clock can begin any more by what held before it (R10)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from sla.models import Clock, Recompute
from sla.services import clocks, invariants
from sla.services.recompute import work
from tests.factories import HOUR, NOON, make_calendar, make_person
from tests.faults.boss import as_boss
from tests.sla import test_amendments as amending
from tests.sla.elsewhere import open_transaction
from tests.sla.makers import clock_of, make_contract
from tests.sla.test_recompute import FRIDAY, HOLIDAY, correct, offered

pytestmark = pytest.mark.django_db(transaction=True)
EMPTIED = """
    CREATE TABLE emptied AS SELECT repeat('x', 500) FROM generate_series(1, 5000);
    DELETE FROM emptied;
    GRANT SELECT ON emptied TO PUBLIC
"""


@pytest.fixture
def office(database_clock):
    office = make_calendar()
    offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    return office


def ask(office) -> Recompute:
    return correct(office, HOLIDAY, make_person(role="operations"))


def test_a_clock_whose_transaction_was_open_when_it_began_is_taken_over(office):
    """Its keys are below those of what was visited: they were drawn before."""
    with open_transaction(lambda: offered(office)):
        newest = clock_of(offered(office), "answer")
        recompute = ask(office)
        work.work_off()
        recompute.refresh_from_db()
        assert (recompute.stage, recompute.moved, recompute.done_at) == ("waiting", 2, None)
    late = Clock.objects.get(calendar_version__number=1)
    assert late.pk < newest.pk

    work.work_off()

    assert set(Clock.objects.values_list("calendar_version__number", flat=True)) == {2}
    recompute.refresh_from_db()
    assert (recompute.moved, recompute.skipped, recompute.writers) == (3, 0, [])
    assert recompute.done_at is not None
    assert (invariants.broken(), clocks.replay().differs) == ({}, 0)


def test_one_that_was_missed_meanwhile_is_excused(office, database_clock):
    with open_transaction(lambda: offered(office)):
        offered(office)
        recompute = ask(office)
        work.work_off()
    database_clock.set(FRIDAY)
    assert clocks.breach_overdue(FRIDAY) == 1

    work.work_off()

    recompute.refresh_from_db()
    assert (recompute.moved, recompute.excused) == (2, 1)
    assert recompute.done_at == FRIDAY


def test_so_is_one_that_an_amendment_concerns(database_clock):
    make_contract(answer=8 * HOUR, first_response=16 * HOUR)
    database_clock.set(NOON + 2 * HOUR)
    with open_transaction(amending.offered):
        early = amending.offered()
        with transaction.atomic():
            amending.amended(answer=4 * HOUR)
        work.work_off()
        assert Recompute.objects.get().waits
    late = Clock.objects.get(kind="answer", commitment__version__number=1)
    assert late.pk < clock_of(early, "answer").pk

    work.work_off()

    late.refresh_from_db()
    assert (late.commitment.version.number, late.due_at) == (2, NOON + 4 * HOUR)
    found = Recompute.objects.get()
    assert (found.moved, found.skipped, found.waits) == (2, 2, False)
    assert clocks.replay().differs == 0


def test_while_it_waits_it_keeps_no_other_from_its_turn(office):
    """A client may hang for hours with its transaction open: nothing waits for a lock, no worker is busy."""
    with open_transaction(make_calendar):
        first = ask(office)
        work.work_off()
        assert work.work_off_batch() is False

        second = correct(office, {**HOLIDAY, "holidays": ["2026-06-08"]}, make_person(role="operations"))
        work.work_off()

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.waits, second.waits) == (True, True)
        assert second.moved == 1


def test_a_transaction_that_began_later_is_not_waited_for(office):
    recompute = ask(office)
    assert work.work_off_batch()
    with open_transaction(make_calendar):
        work.work_off()

    recompute.refresh_from_db()
    assert recompute.done_at is not None


@contextmanager
def autovacuum_waits() -> Iterator[None]:
    """It wants to give the empty end of a table back that somebody reads, and tries so for five seconds."""
    reload = "SELECT pg_reload_conf()"
    with (
        as_boss(reload, reload),
        as_boss("ALTER SYSTEM SET autovacuum_naptime = 1", "ALTER SYSTEM RESET autovacuum_naptime"),
        as_boss(f"{EMPTIED}; {reload}", "DROP TABLE emptied"),
        open_transaction(lambda: rows_of("SELECT FROM emptied")),
    ):
        until = time.monotonic() + 20
        while not rows_of("SELECT FROM pg_locks WHERE locktype = 'transactionid'"):
            assert time.monotonic() < until, "autovacuum did not come"
            time.sleep(0.05)
        yield


def rows_of(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_it_does_not_wait_for_autovacuum(office):
    with autovacuum_waits():
        recompute = ask(office)
        work.work_off()

    recompute.refresh_from_db()
    assert (recompute.writers, recompute.done_at) == ([], FRIDAY - 2 * HOUR)


def test_the_page_says_what_it_waits_for(office):
    client = Client()
    client.force_login(make_person(role="operations"))
    page = reverse("sla:calendar-correct", args=[office.public_id])
    with open_transaction(make_calendar):
        ask(office)
        work.work_off()
        waits = client.get(page).content.decode()
    work.work_off()

    assert "Almost done" in waits
    assert "Waiting for 1 change that began before this did. It may still start clocks" in waits
    assert "Waiting for" not in client.get(page, headers={"HX-Request": "true"}).content.decode()
