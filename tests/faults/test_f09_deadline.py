"""F9: an answer and the sweep at the very moment a clock falls due: exactly one of the two counts (R4)."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from common.database.moments import database_now
from leads.models import Handoff
from leads.services import handoffs
from sla.models import Breach, Clock
from sla.services import clocks
from tests.faults.due import make_due
from tests.faults.sizes import size

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
CHANCE = random.Random(9)


def sleep_until(moment: datetime) -> None:
    left = (moment - database_now()).total_seconds()
    if left > 0:
        time.sleep(left)


def answer(handoff: Handoff, moment: datetime) -> None:
    sleep_until(moment)
    assert handoff.holder is not None
    handoffs.accept(handoff, by=handoff.holder)
    connection.close()


def sweep(until: datetime) -> None:
    while database_now() < until:
        clocks.breach_overdue()
    connection.close()


def test_at_the_deadline_an_answer_is_in_time_or_a_breach_never_both_never_neither() -> None:
    rounds = size(200, 2_000)
    batch, outcomes = 20, Counter[str]()
    for _ in range(rounds // batch):
        due_at = database_now() + timedelta(seconds=1)
        keys = make_due(batch, due_at)
        found = Handoff.objects.filter(clocks__in=keys).select_related("holder", "lead")
        answers = [
            Thread(target=answer, args=[handoff, due_at + timedelta(milliseconds=CHANCE.uniform(-5, 5))])
            for handoff in found
        ]
        sweeper = Thread(target=sweep, args=[due_at + timedelta(milliseconds=200)])
        for thread in (*answers, sweeper):
            thread.start()
        for thread in (*answers, sweeper):
            thread.join()
        for clock in Clock.objects.filter(pk__in=keys):
            outcomes[_judged(clock)] += 1

    assert set(outcomes) <= {"in time", "late"}
    assert outcomes.total() == rounds


def _judged(clock: Clock) -> str:
    missed = Breach.objects.filter(clock=clock).count()
    assert clock.satisfied_at is not None
    assert clock.due_at is not None
    in_time = clock.satisfied_at <= clock.due_at
    if in_time and clock.status == "met" and missed == 0:
        return "in time"
    if not in_time and clock.status == "breached" and missed == 1:
        return "late"
    return f"{clock.status} at {clock.satisfied_at - clock.due_at} with {missed} breaches"
