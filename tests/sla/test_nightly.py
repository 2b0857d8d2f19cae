"""The nightly replay: a clock that is not as its journal says is told of, and nobody waits for it (R19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from common.models import Outbox
from notifications.queries import notices_of
from notifications.services.relay import relay
from sla import tasks
from sla.models import Clock
from sla.services import clocks
from sla.services.invariants import BROKEN
from sla.services.nightly import SINCE, replay_share
from tests.factories import HOUR, NOON, make_calendar, make_handoff, make_person
from tests.sla.makers import happens, make_contract
from tests.threads import at_once, first_then_second

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def running(database_clock) -> list[Clock]:
    """One answer clock for each of seven leads, all recorded at noon; not yet due."""
    make_contract(calendar=make_calendar())
    database_clock.set(NOON)
    for _ in range(7):
        happens("offered", make_handoff(at=NOON), NOON)
    return list(Clock.objects.filter(kind="answer").order_by("pk"))


def move_by_hand(clock: Clock) -> None:
    Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + HOUR)


def test_admins_read_of_a_clock_that_was_moved_by_hand(running) -> None:
    admin, operations = make_person(role="admin"), make_person(role="operations")
    move_by_hand(running[3])

    tasks.replay_clocks()
    tasks.replay_clocks()
    relay()

    words = "The nightly replay found 1 clock that differs from its journal: manage.py replay_clocks"
    assert [notice.text for notice in notices_of(admin)] == [words]
    assert list(notices_of(operations)) == []
    assert Clock.objects.get(pk=running[3].pk).due_at == running[3].due_at + HOUR


def test_a_night_in_which_nothing_differs_tells_nobody(running) -> None:
    assert (replay_share().clocks, replay_share().differs) == (Clock.objects.count(), 0)
    assert not Outbox.objects.filter(topic=BROKEN).exists()


def test_what_nobody_touched_comes_up_once_in_as_many_nights_as_there_are_shares(running) -> None:
    move_by_hand(running[3])
    later = NOON + SINCE + DAY

    nights = [replay_share(later + night * DAY, share=2) for night in range(4)]

    assert sorted(found.differs for found in nights) == [0, 0, 0, 1]
    assert sum(found.clocks for found in nights) == Clock.objects.count()


def test_what_changed_is_looked_at_each_night(running) -> None:
    move_by_hand(running[3])

    assert [replay_share(NOON + night * HOUR, share=1).differs for night in (1, 24)] == [1, 1]


def test_it_stops_when_its_time_is_up(running) -> None:
    assert replay_share(budget=timedelta(seconds=-1)).clocks == 0


def test_it_waits_for_nobody_and_nobody_for_it(running) -> None:
    """Whoever works on these clocks has them locked."""
    move_by_hand(running[3])

    def meanwhile() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return replay_share().differs

    with transaction.atomic():
        list(Clock.objects.select_for_update())
        (found,) = at_once([meanwhile])

    assert (found, clocks.replay().differs) == (1, 1)


def test_choosing_what_is_tonights_turn_may_take_longer_than_a_statement_of_a_worker(running) -> None:
    """Journals are read through for it; here somebody keeps them for longer than that."""

    def impatient() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '100ms'")
        return replay_share().clocks

    outcomes = first_then_second(
        lambda: ask("LOCK TABLE leads_leadevent IN ACCESS EXCLUSIVE MODE"),
        impatient,
        lambda: ask("SELECT pg_sleep(0.3)"),
    )

    assert outcomes == [None, 14]


def ask(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
