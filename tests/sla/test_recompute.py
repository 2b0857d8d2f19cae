"""A corrected calendar: running clocks count by the right hours, and what only the wrong ones missed is excused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from calendars import services as calendars
from calendars.models import Calendar
from common.models import Outbox
from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import Lead
from sla import tasks
from sla.models import Breach, Clock, ClockEvent, ContractVersion, Excuse, Recompute
from sla.queries.timeline import timelines
from sla.services import clocks, excuses, invariants
from sla.services.recompute import requests, work
from tests.factories import (
    HOUR,
    MINUTE,
    NINE_TO_FIVE,
    NOON,
    make_calendar,
    make_handoff,
    make_member,
    make_person,
    make_team,
)
from tests.sla.elsewhere import in_its_own_connection
from tests.sla.makers import clock_of, draft, happens, make_contract, promise, sign

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THURSDAY = NOON + DAY + 4 * HOUR  # 16:00
FRIDAY = NOON + 2 * DAY  # noon on a forgotten holiday
HOLIDAY = {"tz": "UTC", "hours": NINE_TO_FIVE, "holidays": ["2026-06-05"]}
LONGER = {"tz": "UTC", "hours": {day: [["06:00", "22:00"]] for day in NINE_TO_FIVE}}


@pytest.fixture
def office() -> Calendar:
    return make_calendar()


@pytest.fixture
def operator():
    return make_person(role="operations")


def offered(calendar, target=3 * HOUR, at=THURSDAY, **more):
    """An offer whose answer clock counts by this calendar."""
    if not ContractVersion.objects.exists():
        make_contract(calendar=calendar, answer=target, **more)
    team = make_team(calendar=calendar)
    handoff = make_handoff(team=team, holder=make_member(team), at=at)
    happens("offered", handoff, at)
    return handoff


def correct(calendar, rules, by, *, notify=False) -> Recompute:
    version = calendars.revise(calendar, rules, by=None)
    return requests.correct(calendar, seen=version.number, notify=notify, by=by)


def test_a_forgotten_holiday_moves_what_runs(office, operator, database_clock):
    """A14: due on Friday, the holiday; now on Monday, with one line that says both."""
    handoff = offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    recompute = correct(office, HOLIDAY, operator)

    work.work_off()

    clock, found = clock_of(handoff, "answer"), Recompute.objects.get()
    line = clock.log.get(kind="recomputed")
    assert clock.due_at == FRIDAY + 3 * DAY - HOUR
    assert clock.calendar_version == recompute.calendar_version
    assert (line.data["was_due"], line.data["due_at"]) == (
        "2026-06-05T11:00:00+00:00", "2026-06-08T11:00:00+00:00",
    )  # fmt: skip
    assert (found.total, found.moved, found.missed, found.skipped) == (1, 1, 0, 0)
    assert found.done_at == FRIDAY - 2 * HOUR


def test_a_replay_interleaves_recomputes_with_the_journal(office, operator, database_clock):
    """Rule 1, with pauses before, between and after two corrections."""
    handoff = offered(office, 20 * HOUR, first_response=30 * HOUR)
    happens("paused", handoff, THURSDAY + 30 * MINUTE)
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, operator)
    work.work_off()
    happens("resumed", handoff, FRIDAY + HOUR)
    database_clock.set(FRIDAY + 3 * DAY)
    correct(office, LONGER, operator)
    work.work_off()
    happens("paused", handoff, FRIDAY + 3 * DAY + HOUR)
    happens("resumed", handoff, FRIDAY + 3 * DAY + 2 * HOUR)
    before = list(Clock.objects.order_by("pk").values())

    assert clocks.replay().differs == 0
    assert list(Clock.objects.order_by("pk").values()) == before
    assert ClockEvent.objects.filter(kind="recomputed").count() == 4


def test_a_replay_rebuilds_a_drifted_clock_behind_a_correction(office, operator, database_clock):
    handoff = offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, HOLIDAY, operator)
    work.work_off()
    right = Clock.objects.values().get()
    Clock.objects.update(due_at=NOON + 90 * DAY, consumed=9 * HOUR, marks=[])

    assert clocks.replay([handoff.lead_id]).mended == [right["id"]]
    assert Clock.objects.values().get() == right


def test_the_timeline_draws_what_ran_by_the_right_hours(office, operator, database_clock):
    handoff = offered(office, 8 * HOUR)
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, operator)
    work.work_off()
    key = clock_of(handoff, "answer").public_id

    timeline = timelines([key], at=FRIDAY)[key]

    assert [(one.phase, one.worked) for one in timeline.stretches] == [("run", HOUR), ("closed", timedelta())]
    assert "Calendar corrected" in [moment.what for moment in timeline.moments]


def missed_by_longer_hours(office, operator, database_clock, **options):
    handoff = offered(office, 8 * HOUR)
    database_clock.set(FRIDAY)
    correct(office, LONGER, operator, **options)
    work.work_off()
    return handoff


def test_a_due_moment_put_back_into_the_past_is_missed_at_once_and_quietly(office, operator, database_clock):
    """R10: dated when it was due by the right hours; Thursday 16:00 to 22:00, then Friday from six."""
    handoff = missed_by_longer_hours(office, operator, database_clock)

    breach = Breach.objects.get(clock=clock_of(handoff, "answer"))
    assert breach.by_recalculation
    assert (breach.at, breach.detected_at) == (FRIDAY - 4 * HOUR, FRIDAY)
    assert not Outbox.objects.filter(topic="clock.breached").exists()
    assert Recompute.objects.get().missed == 1
    assert (invariants.broken(), clocks.replay().differs) == ({}, 0)


def test_holders_are_told_where_the_editor_chose_so(office, operator, database_clock):
    missed_by_longer_hours(office, operator, database_clock, notify=True)

    assert Outbox.objects.filter(topic="clock.breached").count() == 1
    assert invariants.broken() == {}


@pytest.mark.parametrize(
    ("answered", "excused"),
    [
        pytest.param(FRIDAY + 3 * DAY - HOUR, True, id="answered when it was due by the right hours"),
        pytest.param(FRIDAY + 3 * DAY - HOUR + timedelta(microseconds=1), False, id="answered later still"),
    ],
)
def test_what_only_the_wrong_hours_missed_is_excused(office, operator, database_clock, answered, excused):
    """Rule 10. The clock does not change (R9); nobody decides."""
    handoff = offered(office)
    happens("accepted", handoff, answered, person=handoff.holder_id)
    before = Clock.objects.values().get()
    database_clock.set(answered + DAY)
    correct(office, HOLIDAY, operator)

    work.work_off()

    assert Clock.objects.values().get() == before
    granted = Excuse.objects.filter(decision="granted", asked_by=None, decided_by=None)
    assert list(granted.values_list("reason", "side")) == [("Calendar corrected", "sales")] * excused
    assert ClockEvent.objects.filter(kind="excused").count() == Recompute.objects.get().excused == excused


def test_the_excuse_says_when_it_was_due_by_the_clock_of_the_right_hours(operator, database_clock):
    """Three hours from Friday nine o'clock in Berlin, which is a holiday there."""
    office = make_calendar(tz="Europe/Berlin")
    offered(office)
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY | {"tz": "Europe/Berlin"}, operator)

    work.work_off()

    assert Excuse.objects.get().evidence == f"By {office} v2 it was due Mon 8 Jun 2026, 12:00 in Berlin."


def test_a_miss_that_is_not_due_yet_is_excused_swept_or_not(office, operator, database_clock):
    """Rule 16: what was due before the correction is missed first, then excused."""
    offered(office)
    offered(office)
    assert clocks.breach_overdue(FRIDAY, limit=1) == 1
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, operator)
    told = Outbox.objects.count()

    work.work_off()

    assert Breach.objects.filter(by_recalculation=False).count() == 2
    assert Outbox.objects.count() == told, "what is forgiven at once is told to nobody"
    assert Excuse.objects.filter(decision="granted").count() == 2
    assert (Recompute.objects.get().moved, invariants.broken(), clocks.replay().differs) == (0, {}, 0)


def test_an_excuse_that_waits_is_granted(office, operator, database_clock):
    handoff = offered(office)
    clocks.breach_overdue(FRIDAY)
    asked = excuses.ask(Breach.objects.get(), by=handoff.holder, reason="It was a holiday")
    database_clock.set(FRIDAY)
    correct(office, HOLIDAY, operator)

    work.work_off()

    found = Excuse.objects.get()
    assert (found.pk, found.decision, found.reason) == (asked.pk, "granted", "It was a holiday")


def test_a_clock_moved_to_other_hours_is_corrected_for_what_it_ran_before(office, operator, database_clock):
    """R8: its first hour fell on the holiday; the team that has it now keeps its own hours."""
    version = draft()
    promise(version, "answer", 8 * HOUR, calendar_choice="team")
    sign(version)
    handoff = offered(office, at=FRIDAY)
    other = make_team(calendar=make_calendar(tz="America/New_York"))
    handoff.team, handoff.holder = other, None
    handoff.save(update_fields=["team", "holder"])
    happens("reassigned", handoff, FRIDAY + HOUR, from_team=None, team=other.pk, person=None)
    clock = clock_of(handoff, "answer")
    assert (clock.consumed, clock.calendar_version.calendar) == (HOUR, other.calendar)
    database_clock.set(FRIDAY + 2 * HOUR)
    correct(office, HOLIDAY, operator)

    work.work_off()

    found = clock_of(handoff, "answer")
    assert (found.consumed, found.due_at - clock.due_at) == (timedelta(), HOUR)
    assert found.calendar_version == clock.calendar_version
    assert clocks.replay().differs == 0


def test_a_batch_at_a_time_and_what_is_done_stays_done(office, operator, database_clock):
    """R18: between two batches the process may die."""
    for _ in range(3):
        offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    recompute = correct(office, HOLIDAY, operator)

    batches = [work.work_off_batch(limit=2) for _ in range(5)]

    recompute.refresh_from_db()
    assert batches == [True, True, True, True, False], "the last look is a batch of its own"
    assert (recompute.moved, recompute.total) == (3, 3)
    assert ClockEvent.objects.filter(kind="recomputed").count() == 3


def test_a_calendar_that_never_opens_is_refused(office, operator):
    offered(office)
    with pytest.raises(Invalid, match="does not open"):
        correct(office, {"tz": "UTC", "hours": {}, "shifts": {"2020-06-05": [["09:00", "17:00"]]}}, operator)


def test_a_clock_that_could_never_be_due_keeps_what_it_has(office, operator, database_clock, caplog):
    """R20: one hour of work is all these hours have, and the promise is three."""
    handoff = offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, {"tz": "UTC", "hours": {}, "shifts": {"2026-06-08": [["09:00", "10:00"]]}}, operator)

    work.work_off()

    found = Recompute.objects.get()
    assert (found.moved, found.skipped, found.total) == (0, 1, 1)
    assert clock_of(handoff, "answer").due_at == FRIDAY - HOUR
    assert "keeps its due moment" in caplog.text


SPOILT = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'spoilt' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER spoil BEFORE UPDATE ON sla_clock FOR EACH ROW WHEN (OLD.lead_id = {lead}) EXECUTE FUNCTION spoil();
"""


def test_a_lead_that_cannot_be_written_holds_up_no_other(office, operator, database_clock):
    """R20."""
    leads = [offered(office).lead_id for _ in range(3)]
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, HOLIDAY, operator)
    with connection.cursor() as cursor:
        cursor.execute(SPOILT.format(lead=leads[1]))

    work.work_off()

    found = Recompute.objects.get()
    assert (found.moved, found.skipped, found.done_at is None) == (2, 1, False)
    numbers = Clock.objects.order_by("pk").values_list("calendar_version__number", flat=True)
    assert list(numbers) == [2, 1, 2]


def test_without_a_clock_by_earlier_hours_there_is_nothing_to_correct(office, operator):
    offered(make_calendar())
    with pytest.raises(Invalid, match="No clock counts"):
        correct(office, HOLIDAY, operator)


def test_only_operations_correct(office):
    handoff = offered(office)
    with pytest.raises(NotAllowed):
        correct(office, HOLIDAY, handoff.holder)


def test_a_correction_is_asked_for_once_and_for_what_was_seen(office, operator):
    offered(office)
    recompute = correct(office, HOLIDAY, operator)

    with pytest.raises(Conflict, match="under way"):
        requests.correct(office, seen=2, by=operator)
    with pytest.raises(Conflict, match="v2 by now"):
        requests.correct(office, seen=1, by=operator)
    assert Recompute.objects.get() == recompute


def test_the_worker_and_the_command_work_it_off(office, operator, database_clock, capsys):
    offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, HOLIDAY, operator)

    tasks.recompute_clocks()
    call_command("recompute_clocks")

    assert Recompute.objects.get().moved == 1
    assert capsys.readouterr().out == "0 batches\n"


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_somebody_works_on_is_visited_later(office, operator, database_clock):
    busy, free = offered(office), offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, HOLIDAY, operator)

    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=busy.lead_id)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(in_its_own_connection, work.work_off).result(20)
        assert Recompute.objects.get().left == [busy.lead_id]
        assert clock_of(free, "answer").calendar_version.number == 2
    work.work_off()

    assert Recompute.objects.get().moved == 2
    assert Recompute.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_clock_once(office, operator, database_clock):
    """R18."""
    for _ in range(6):
        offered(office)
    database_clock.set(FRIDAY - 2 * HOUR)
    correct(office, HOLIDAY, operator)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(in_its_own_connection, work.work_off_batch, 1) for _ in range(12)]:
            done.result(20)
    work.work_off()

    assert ClockEvent.objects.filter(kind="recomputed").count() == 6
    assert Recompute.objects.get().moved == 6
    assert clocks.replay().differs == 0
