"""The sweep: misses at their due moment, warnings at their instants, once each, whoever runs it and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Absence
from common.database.moments import database_now
from common.models import Outbox
from leads.models import Handoff, Lead
from sla import tasks
from sla.models import Breach, Clock, ClockEvent
from sla.queries import sweep_health
from sla.services import clocks
from tests.factories import HOUR, MINUTE, NOON, make_handoff, make_member, make_team
from tests.sla.makers import clock_of, happens, make_contract

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


def offered(count: int = 1, **fields) -> list[Handoff]:
    handoffs = [make_handoff(**fields) for _ in range(count)]
    for handoff in handoffs:
        happens("offered", handoff, NOON)
    return handoffs


def told(topic: str) -> list[tuple]:
    rows = Outbox.objects.filter(topic=topic).order_by("pk")
    return [(row.subject, row.at, row.payload["rung"]) for row in rows]


def test_a_clock_that_nobody_opens_is_missed_at_its_due_moment(database_clock):
    """C01 and golden case h."""
    make_contract(answer=HOUR)
    [handoff] = offered()
    database_clock.set(NOON + HOUR + 30 * timedelta(seconds=1))

    swept = clocks.sweep()

    clock = clock_of(handoff, "answer")
    assert (swept.breached, clock.status, clock.breach.at) == (1, "breached", NOON + HOUR)
    assert told("clock.breached") == [(clock.pk, NOON + HOUR, 0)]


@pytest.mark.parametrize(
    ("after_due", "missed"), [(timedelta(), 0), (MICROSECOND, 1)], ids=["at due", "after it"]
)
def test_the_due_moment_itself_keeps_the_promise(after_due, missed):
    make_contract(answer=HOUR)
    offered()

    assert clocks.breach_overdue(NOON + HOUR + after_due) == missed


def test_sweeping_again_changes_nothing(database_clock):
    make_contract(answer=HOUR)
    offered(3)
    database_clock.set(NOON + 2 * HOUR)
    clocks.sweep()
    before = Breach.objects.count(), ClockEvent.objects.count(), Outbox.objects.count()

    for _ in range(5):
        clocks.sweep()

    assert (Breach.objects.count(), ClockEvent.objects.count(), Outbox.objects.count()) == before


def test_a_second_after_its_start_a_clock_is_not_due():
    """C17."""
    make_contract(answer=HOUR)
    offered()

    assert (
        clocks.breach_overdue(NOON + timedelta(seconds=1)),
        clocks.warn_due(NOON + timedelta(seconds=1)),
    ) == (0, 0)


def test_a_paused_clock_is_neither_missed_nor_warned(database_clock):
    """B06."""
    make_contract(answer=HOUR)
    [handoff] = offered()
    happens("returned", handoff, NOON + 59 * MINUTE)
    Outbox.objects.all().delete()
    database_clock.set(NOON + timedelta(days=3))

    assert (clocks.sweep(), Outbox.objects.count()) == (clocks.sweep(), 0)


def test_warnings_are_told_one_by_one_at_their_own_instants(database_clock):
    """C08, R6."""
    make_contract(answer=10 * HOUR)
    [handoff] = offered()

    for minutes in range(0, 600, 30):
        database_clock.set(NOON + minutes * MINUTE + MINUTE)
        clocks.sweep()

    clock = clock_of(handoff, "answer")
    assert told("clock.warned") == [(clock.pk, NOON + 5 * HOUR, 1), (clock.pk, NOON + 8 * HOUR, 2)]


def test_after_an_outage_all_warnings_are_recorded_and_the_last_is_told(database_clock):
    make_contract(answer=10 * HOUR)
    [handoff] = offered()
    database_clock.set(NOON + 9 * HOUR)

    clocks.sweep()

    clock = clock_of(handoff, "answer")
    recorded = clock.log.filter(kind="warned").order_by("pk").values_list("at", "data")
    assert list(recorded) == [
        (NOON + 5 * HOUR, {"rung": 1, "silent": True}),
        (NOON + 8 * HOUR, {"rung": 2}),
    ]
    assert (told("clock.warned"), clock.warn_at) == ([(clock.pk, NOON + 8 * HOUR, 2)], None)


def test_a_miss_after_an_outage_is_told_alone_with_its_warnings_recorded(database_clock):
    make_contract(answer=10 * HOUR)
    [handoff] = offered()
    database_clock.set(NOON + 11 * HOUR)

    clocks.sweep()

    kinds = clock_of(handoff, "answer").log.order_by("at").values_list("kind", flat=True)
    assert list(kinds) == ["chosen", "started", "warned", "warned", "breached"]
    assert Outbox.objects.exclude(topic="clock.breached").count() == 0


def test_an_answer_stops_what_would_have_been_told(database_clock):
    make_contract(answer=HOUR)
    [handoff] = offered()
    happens("accepted", handoff, NOON + MINUTE)
    database_clock.set(NOON + timedelta(days=1))

    clocks.sweep()

    assert (Breach.objects.count(), Outbox.objects.count()) == (0, 0)


def test_a_row_that_spoils_the_batch_is_parked_and_the_rest_goes_on(database_clock):
    """C22, R20, F31: a clock whose miss stands already, as only a mistake could make it."""
    make_contract(answer=HOUR)
    handoffs = offered(20)
    poisoned = clock_of(handoffs[7], "answer")
    Breach.objects.create(clock=poisoned, at=NOON + HOUR, detected_at=NOON + HOUR)
    database_clock.set(NOON + 2 * HOUR)

    swept = clocks.sweep()

    poisoned.refresh_from_db()
    assert (swept.breached, poisoned.status) == (19, "running")
    assert "sla_breach_clock_id_key" in poisoned.parked_reason
    assert sweep_health(NOON + 2 * HOUR).parked == 1


def test_a_parked_row_is_tried_again_after_an_hour(database_clock):
    make_contract(answer=HOUR)
    [handoff] = offered()
    clock = clock_of(handoff, "answer")
    Clock.objects.filter(pk=clock.pk).update(parked_until=NOON + 3 * HOUR, parked_reason="spoilt")

    assert (clocks.breach_overdue(NOON + 2 * HOUR), clocks.breach_overdue(NOON + 4 * HOUR)) == (0, 1)


def test_the_sweep_takes_the_same_statements_for_one_clock_and_for_twenty(database_clock):
    make_contract(answer=HOUR)
    offered(1)
    with CaptureQueriesContext(connection) as one:
        clocks.breach_overdue(NOON + 2 * HOUR)
    offered(20)

    with CaptureQueriesContext(connection) as twenty:
        clocks.breach_overdue(NOON + 2 * HOUR)

    assert len(one) == len(twenty)


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        pytest.param({"holder": None}, "nobody", id="it lay in the pool"),
        pytest.param({"absent": True}, "absent", id="away without cover"),
        pytest.param({"redirects": 1}, "redirected", id="redirected"),
        pytest.param({}, "", id="nothing known"),
    ],
)
def test_causes_are_proposed_from_what_is_known_of_the_moment(fields, cause):
    make_contract(answer=HOUR)
    rep = make_member(make_team(), "rep")
    if fields.pop("absent", False):
        Absence.objects.create(person=rep, from_at=NOON, until_at=NOON + 5 * HOUR)
    offered(**{"holder": rep} | fields)

    clocks.breach_overdue(NOON + 2 * HOUR)

    assert Breach.objects.get().cause == cause


def test_health_tells_how_long_the_oldest_miss_waits_and_when_the_sweep_last_ran(database_clock):
    make_contract(answer=HOUR)
    offered()
    database_clock.set(NOON + HOUR + 90 * timedelta(seconds=1))
    waiting = sweep_health(NOON + HOUR + 90 * timedelta(seconds=1)).lag

    tasks.sweep_clocks()

    health = sweep_health(NOON + 2 * HOUR)
    assert (waiting, health.lag, health.last_run) == (
        90 * timedelta(seconds=1),
        timedelta(),
        database_clock.now(),
    )


def test_the_sweep_finds_what_is_due_by_its_index():
    """C10: its cost grows with what is due."""
    make_contract(answer=HOUR)
    offered()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM sla_clock WHERE status = 'running' AND due_at < (SELECT app_now())"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "clock_running_due" in plan


def in_threads(work, count: int = 8) -> list:
    def run(_):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def due_clocks(count: int) -> None:
    """Rows as the services leave them, an hour ago."""
    make_contract(answer=HOUR)
    first = make_handoff()
    happens("offered", first, database_now() - 2 * HOUR)
    pattern = clock_of(first, "answer")
    leads = Lead.objects.bulk_create(
        [Lead(created_at=NOON, recorded_at=NOON, stage_at=NOON) for _ in range(count - 1)]
    )
    qualifications = [
        lead.qualifications.create(at=NOON, basis="import", raised_at=NOON) for lead in leads[:1]
    ]
    Clock.objects.bulk_create(
        [
            Clock(
                lead=lead, qualification=qualifications[0], kind="handover", round=number,
                commitment=pattern.commitment, target=HOUR, started_at=pattern.started_at,
                running_since=pattern.started_at, consumed=timedelta(),
                due_at=pattern.due_at,
            )
            for number, lead in enumerate(leads, start=1)
        ]
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_publish_a_thousand_misses_once():
    """C03, F12."""
    due_clocks(1_000)

    published = in_threads(lambda: clocks.sweep().breached)

    assert (sum(published), Breach.objects.count()) == (1_000, 1_000)
    assert Outbox.objects.filter(topic="clock.breached").count() == 1_000
    assert ClockEvent.objects.filter(kind="breached").count() == 1_000


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_somebody_works_on_is_skipped_and_caught_later():
    """F17, C02: whoever holds the lead may have read the time of an answer already."""
    due_clocks(3)
    busy = Clock.objects.order_by("pk").first()

    with transaction.atomic():
        Lead.objects.select_for_update(no_key=True).get(pk=busy.lead_id)
        meanwhile = in_threads(lambda: clocks.sweep().breached, count=1)
    later = clocks.sweep().breached

    assert (meanwhile, later) == ([2], 1)
