"""Units of background work that lose to another are done again, and only those (R23)."""

from __future__ import annotations

from threading import Barrier, BrokenBarrierError

import pytest
from django.db import OperationalError, connection, transaction

from common.database.moments import database_now
from common.database.retries import LOST, is_lost, retried
from common.models import Outbox
from tests.threads import at_once


def fail(code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'ended' USING ERRCODE = '{code}'; END $$")


@pytest.mark.django_db(transaction=True)
def test_two_who_deadlock_both_do_their_work() -> None:
    rows = [Outbox.objects.create(topic="x", subject=0, at=database_now()) for _ in range(2)]
    tries, met = [], Barrier(2)

    def visit(order: list[Outbox]) -> None:
        @retried
        @transaction.atomic
        def unit() -> None:
            tries.append(order)
            for row in order:
                Outbox.objects.filter(pk=row.pk).update(subject=Outbox.objects.get(pk=row.pk).subject + 1)
                meet(met)

        unit()

    outcomes = at_once([lambda: visit(rows), lambda: visit(rows[::-1])])

    assert outcomes == [None, None]
    assert len(tries) == 3
    assert list(Outbox.objects.values_list("subject", flat=True)) == [2, 2]


def meet(barrier: Barrier) -> None:
    """Both hold their first row, once; whoever comes again finds nobody there."""
    try:
        barrier.wait(1)
    except BrokenBarrierError:
        return
    barrier.abort()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "tries"), [*((code, 4) for code in LOST), ("57014", 1), ("57P01", 1)])
def test_what_the_database_ended_for_anothers_sake_is_tried_three_times_more(code: str, tries: int) -> None:
    done = []

    @retried
    def unit() -> None:
        done.append(True)
        fail(code)

    with pytest.raises(OperationalError) as raised:
        unit()

    assert (len(done), is_lost(raised.value)) == (tries, code in LOST)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_tried_again_within_a_transaction_that_is_over() -> None:
    done = []

    @retried
    def unit() -> None:
        done.append(True)
        fail("40P01")

    with pytest.raises(OperationalError), transaction.atomic():
        unit()

    assert len(done) == 1
