"""Clocks follow the journal in the database: chosen, started, stopped, missed, and applied once."""

from __future__ import annotations

from datetime import timedelta

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext

from common.models import Outbox
from leads import events as journal
from leads.models import LeadEvent
from sla.models import Breach, Clock, ClockEvent
from sla.services import clocks
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_calendar,
    make_handoff,
    make_lead,
    make_member,
    make_qualification,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import LONG_AGO, clock_of, draft, event, happens, make_contract, promise, sign

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, int]]:
    return list(Outbox.objects.order_by("pk").values_list("topic", "subject"))


def test_an_offer_starts_its_clocks_in_the_hours_of_the_contract():
    make_contract(calendar=make_calendar(tz="Europe/Berlin"), answer=4 * HOUR, first_response=6 * HOUR)
    handoff = make_handoff()

    happens("offered", handoff, NOON)

    started = handoff.clocks.order_by("pk").values_list("kind", "due_at", "status", "team_id")
    assert list(started) == [
        ("answer", NOON + 19 * HOUR + HOUR, "running", handoff.team_id),
        ("first_response", NOON + 21 * HOUR + HOUR, "running", handoff.team_id),
    ]


def test_the_answering_team_brings_its_own_hours():
    version = draft()
    promise(version, "answer", 4 * HOUR, calendar_choice="team")
    sign(version)
    handoff = make_handoff(team=make_team(calendar=make_calendar(tz="America/New_York")))

    happens("offered", handoff, NOON)

    assert clock_of(handoff, "answer").due_at == NOON + 5 * HOUR  # nine in New York is one o'clock here


def test_the_first_commitment_whose_segment_matches_applies_and_the_log_says_why():
    version = draft()
    demo = promise(version, "answer", HOUR, segment={"fact": "handoff.hand_raise", "op": "eq", "value": True})
    other = promise(version, "answer", 4 * HOUR)
    sign(version)
    handoff = make_handoff()

    happens("offered", handoff, NOON)

    chosen = clock_of(handoff, "answer").log.get(kind="chosen").data
    assert (chosen["commitment"], chosen["passed_over"]) == (
        other.pk,
        [{"commitment": demo.pk, "unmet": ["handoff.hand_raise"]}],
    )


@pytest.mark.parametrize(
    "segment",
    [
        {"fact": "handoff.trigger", "op": "eq", "value": "webinar"},
        {"fact": "handoff.basis", "op": "eq", "value": "definition"},
        {"fact": "handoff.grade", "op": "eq", "value": "A"},
        {"fact": "handoff.team", "op": "eq", "value": "Enterprise"},
        {"fact": "lead.country", "op": "eq", "value": "NO"},
        {"touches": {"kind": ["webinar"], "campaign": None, "within_days": 30}, "op": "gte", "value": 1},
    ],
    ids=lambda segment: segment.get("fact", "touches"),
)
def test_segments_ask_the_handoff_and_the_lead(segment):
    version = draft()
    promise(version, "answer", HOUR, segment=segment)
    sign(version)
    lead = make_lead(country="NO")
    touch = lead.touches.create(kind=make_touch_kind("webinar"), at=NOON, recorded_at=NOON)
    qualification = make_qualification(lead, trigger=touch, grade="A")
    team = make_team("Enterprise", calendar=make_calendar())
    handoff, stranger = make_handoff(lead=lead, qualification=qualification, team=team), make_handoff()

    for one in (handoff, stranger):
        happens("offered", one, NOON)

    other = stranger.clocks.count() if segment.get("fact") != "handoff.basis" else 0
    assert (handoff.clocks.count(), other) == (1, 0)


def test_a_segment_that_can_no_longer_be_read_matches_nobody():
    version = draft()
    promise(version, "answer", HOUR, segment={"fact": "attributes.gone", "op": "eq", "value": "x"})
    sign(version)
    handoff = make_handoff()

    happens("offered", handoff, NOON)

    assert handoff.clocks.count() == 0


def test_outside_opening_another_target_applies():
    version = draft()
    promise(version, "answer", HOUR, calendar=make_calendar(), out_of_hours=3 * HOUR)
    sign(version)
    by_day, by_night = make_handoff(), make_handoff()

    happens("offered", by_day, NOON)
    happens("offered", by_night, NOON + 8 * HOUR)

    assert [clock_of(one, "answer").target for one in (by_day, by_night)] == [HOUR, 3 * HOUR]


def test_the_version_in_force_at_the_moment_of_the_event_judges_it():
    make_contract(LONG_AGO, NOON, answer=HOUR)
    make_contract(NOON, answer=2 * HOUR)
    before, after = make_handoff(), make_handoff()

    happens("offered", before, NOON - MINUTE)
    happens("offered", after, NOON)

    assert [clock_of(one, "answer").target for one in (before, after)] == [HOUR, 2 * HOUR]


def test_what_happened_before_the_first_contract_has_no_clock():
    make_contract(NOON)
    handoff = make_handoff()

    happens("offered", handoff, NOON - MINUTE)

    assert Clock.objects.count() == 0


def test_offers_above_the_agreed_load_are_measured_but_not_counted():
    version = draft()
    promise(version, "answer", HOUR, binds_up_to=2)
    sign(version)
    rep = make_member(make_team(), "rep")
    offers = [make_handoff(holder=rep) for _ in range(3)]
    tomorrow = make_handoff(holder=rep)

    for handoff in offers:
        happens("offered", handoff, NOON)
    happens("offered", tomorrow, NOON + timedelta(days=1))

    assert [clock_of(one, "answer").counted for one in (*offers, tomorrow)] == [True, True, False, True]


def test_a_late_answer_that_comes_before_the_sweep_is_a_breach():
    """Golden case g: both stand in the same transaction, and the miss is dated when it was due."""
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)

    happens("accepted", handoff, NOON + HOUR + MINUTE, person=None)

    clock = clock_of(handoff, "answer")
    assert (clock.status, clock.satisfied_at, clock.breach.at, clock.breach.detected_at) == (
        "breached",
        NOON + HOUR + MINUTE,
        NOON + HOUR,
        NOON + HOUR + MINUTE,
    )
    assert told() == [("clock.breached", clock.pk)]


def test_an_answer_at_the_due_moment_is_in_time():
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)

    happens("accepted", handoff, NOON + HOUR)

    assert (clock_of(handoff, "answer").status, Breach.objects.count()) == ("met", 0)


def test_an_ended_clock_keeps_the_business_time_it_took():
    make_contract(calendar=make_calendar(), answer=8 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)

    happens("accepted", handoff, NOON + 22 * HOUR)  # ten o'clock the next day

    assert clock_of(handoff, "answer").consumed == 6 * HOUR


def test_an_offer_ends_every_handover_of_the_lead_and_an_attempt_every_buyer_wait():
    make_contract(handover=HOUR, buyer_wait=HOUR)
    handoff = make_handoff()
    lead = handoff.lead
    happens("mql", lead, NOON)
    make_qualification(lead, NOON + MINUTE)
    happens("mql", lead, NOON + MINUTE)

    happens("offered", handoff, NOON + 2 * MINUTE)
    happens("attempted", handoff, NOON + 3 * MINUTE, channel="call")

    ended = lead.clocks.order_by("kind").values_list("kind", "status", "satisfied_at")
    assert list(ended) == [
        ("buyer_wait", "met", NOON + 3 * MINUTE),
        ("buyer_wait", "met", NOON + 3 * MINUTE),
        ("handover", "met", NOON + 2 * MINUTE),
        ("handover", "met", NOON + 2 * MINUTE),
    ]


def test_applying_the_same_rows_again_changes_nothing():
    make_contract()
    handoff = make_handoff()
    rows = journal.record(
        [
            event("mql", handoff.lead, NOON),
            event("offered", handoff, NOON),
            event("accepted", handoff, NOON + HOUR, person=None),
            event("attempted", handoff, NOON + HOUR, channel="call"),
            event("returned", handoff, NOON + 2 * HOUR),
        ]
    )
    before = list(Clock.objects.order_by("pk").values()), ClockEvent.objects.count()

    clocks.apply(rows)
    for row in rows:
        clocks.apply([row])

    assert (list(Clock.objects.order_by("pk").values()), ClockEvent.objects.count()) == before


def test_one_row_or_many_make_the_same_clocks():
    make_contract()
    story = [
        ("offered", {}), ("attempted", {"channel": "call"}), ("returned", {}), ("resupplied", {}),
        ("accepted", {"person": None}), ("attempted", {"channel": "email"}), ("qualified", {}),
    ]  # fmt: skip
    one, other = make_handoff(), make_handoff(team=make_team(calendar=make_calendar()))
    for number, (kind, data) in enumerate(story):
        happens(kind, one, NOON + number * HOUR, **data)

    journal.record(
        [event(kind, other, NOON + number * HOUR, **data) for number, (kind, data) in enumerate(story)]
    )

    names = ("kind", "round", "status", "due_at", "consumed", "progress", "satisfied_at", "holds", "marks")
    assert list(one.clocks.order_by("pk").values_list(*names)) == list(
        other.clocks.order_by("pk").values_list(*names)
    )


def test_the_number_of_statements_does_not_grow_with_the_number_of_rows():
    make_contract()
    first, alone, *many = [make_handoff() for _ in range(32)]
    journal.record(
        [event("offered", first, NOON)]
    )  # what is remembered for the life of the process is read now

    with CaptureQueriesContext(connection) as one:
        journal.record([event("offered", alone, NOON)])
    with CaptureQueriesContext(connection) as thirty:
        journal.record([event("offered", handoff, NOON) for handoff in many])

    assert len(one) == len(thirty)


def test_if_clocks_cannot_follow_nothing_is_journalled():
    version = draft()
    promise(version, "answer", timedelta())
    sign(version)
    handoff = make_handoff()

    with pytest.raises(ValueError, match="target above zero"), transaction.atomic():
        happens("offered", handoff, NOON)

    assert LeadEvent.objects.count() == 0


def test_history_gets_its_clocks_and_misses_as_they_were_and_tells_nobody():
    make_contract(answer=HOUR, first_response=HOUR)
    handoff = make_handoff()
    imported = NOON + timedelta(days=30)

    journal.record(
        [
            event("offered", handoff, NOON, historic=True, recorded_at=imported),
            event("accepted", handoff, NOON + MINUTE, historic=True, recorded_at=imported, person=None),
        ]
    )

    states = dict(handoff.clocks.values_list("kind", "status"))
    breach = Breach.objects.get()
    assert states == {"answer": "met", "first_response": "breached"}
    assert (breach.at, breach.detected_at, breach.historic, told()) == (NOON + HOUR, imported, True, [])


def test_a_finished_clock_cannot_be_changed_by_anyone():
    """B10, R9: the database itself refuses."""
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    happens("accepted", handoff, NOON + MINUTE)

    with pytest.raises(IntegrityError, match="is finished"), transaction.atomic():
        Clock.objects.filter(kind="answer").update(due_at=NOON)

    assert clock_of(handoff, "answer").status == "met"


def test_the_log_of_a_clock_is_only_added_to():
    make_contract(answer=HOUR)
    happens("offered", make_handoff(), NOON)

    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        ClockEvent.objects.update(kind="warned")


def broken(**fields):
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    clock = clock_of(handoff, "answer")
    for name, value in fields.items():
        setattr(clock, name, value)
    return clock


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"handoff_id": None}, "clock_has_one_subject"),
        ({"due_at": None}, "running_clock_has_a_due_time"),
        ({"running_since": None}, "running_clock_has_a_due_time"),
        ({"status": "paused"}, "paused_clock_is_not_due"),
        ({"status": "met", "satisfied_at": NOON + 2 * HOUR}, "met_clock_was_satisfied_in_time"),
    ],
    ids=["no subject", "no due time", "does not run", "paused and due", "met too late"],
)
def test_the_database_refuses_clocks_that_make_no_sense(fields, constraint):
    clock = broken(**fields)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        clock.save()


def test_there_is_one_clock_a_subject_kind_and_round():
    clock = broken(pk=None, public_id="0" * 32)

    with pytest.raises(IntegrityError, match="one_clock_per_handoff_kind_round"), transaction.atomic():
        clock.save()


def test_there_is_one_breach_a_clock_ever():
    clock = broken()
    Breach.objects.create(clock=clock, at=NOON, detected_at=NOON)

    with pytest.raises(IntegrityError, match="sla_breach_clock_id_key"), transaction.atomic():
        Breach.objects.create(clock=clock, at=NOON, detected_at=NOON)


def test_a_breach_is_not_detected_before_it_was_due():
    clock = broken()

    with pytest.raises(IntegrityError, match="breach_detected_after_due"), transaction.atomic():
        Breach.objects.create(clock=clock, at=NOON, detected_at=NOON - MINUTE)


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_app_cannot_change_a_finished_clock_either():
    make_contract(answer=HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    happens("accepted", handoff, NOON + MINUTE)
    known = connection.settings_dict
    app = psycopg2.connect(host=known["HOST"], dbname=known["NAME"], user="baton")

    with pytest.raises(psycopg2.IntegrityError, match="is finished"), app, app.cursor() as cursor:
        cursor.execute("UPDATE sla_clock SET status = 'running' WHERE kind = 'answer'")

    app.close()
    assert clock_of(handoff, "answer").status == "met"
