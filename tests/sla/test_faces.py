"""What people see of a clock: state, words, time left, and why it is due then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sla.models import Breach, Excuse
from sla.queries import clock_faces, lead_clock_faces, open_clock_faces
from sla.queries.reasons import why_due
from sla.services import clocks
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_handoff, make_qualification
from tests.sla.hours import moment, office
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db


def offered(**targets):
    make_contract(calendar=make_calendar(), **targets or {"answer": 4 * HOUR})
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    return handoff


def face(handoff, at, kind="answer"):
    return next(face for face in clock_faces([handoff.pk], at)[handoff.pk] if face.kind == kind)


@pytest.mark.parametrize(
    ("after", "state", "words", "percent"),
    [
        pytest.param(timedelta(), "track", "4 h 00 m left", 100.0, id="just started"),
        pytest.param(2 * HOUR, "track", "2 h 00 m left", 50.0, id="half way"),
        pytest.param(3 * HOUR + 12 * MINUTE, "risk", "48 m left", 20.0, id="at the last warning"),
        pytest.param(4 * HOUR, "risk", "0 s left", 0.0, id="at due"),
        pytest.param(4 * HOUR + 26 * MINUTE, "bad", "26 m late", 0.0, id="past due, before any sweep"),
        pytest.param(22 * HOUR, "bad", "2 h 00 m late", 0.0, id="the next morning, in business time"),
    ],
)
def test_a_running_clock_says_how_much_is_left(after, state, words, percent):
    shown = face(offered(), NOON + after)

    assert (shown.state, shown.words, shown.percent_left) == (state, words, percent)


def test_a_clock_ticks_only_while_its_calendar_is_open():
    handoff = offered()

    assert [face(handoff, NOON + after).running for after in (HOUR, 6 * HOUR)] == [True, False]


def test_a_returned_lead_waits_for_marketing():
    handoff = offered()
    happens("returned", handoff, NOON + HOUR)

    shown = face(handoff, NOON + 50 * HOUR)

    assert (shown.state, shown.words, shown.left_seconds, shown.running) == (
        "hold", "Waiting for marketing", 3 * 3600, False,
    )  # fmt: skip


def test_a_clock_paused_by_hand_says_so():
    handoff = offered()
    happens("paused", handoff, NOON + HOUR)

    assert face(handoff, NOON + 2 * HOUR).words == "Paused"


def test_a_clock_that_was_met_says_how_long_it_took():
    handoff = offered()
    happens("accepted", handoff, NOON + 44 * MINUTE)

    shown = face(handoff, NOON + timedelta(days=9))

    assert (shown.state, shown.words, shown.left_seconds) == ("met", "Met in 44 m", None)


def test_a_booking_is_told_apart_from_an_attempt():
    handoff = offered(first_response=4 * HOUR)
    happens("accepted", handoff, NOON + MINUTE, by="booking", person=None)

    assert face(handoff, NOON + HOUR, "first_response").words == "Met by booking"


def test_a_late_answer_keeps_saying_how_late_it_came():
    handoff = offered()
    happens("accepted", handoff, NOON + 4 * HOUR + 26 * MINUTE)

    assert face(handoff, NOON + timedelta(days=9)).words == "26 m late"


def test_a_cancelled_clock_is_off():
    handoff = offered()
    happens("withdrawn", handoff, NOON + HOUR)

    assert (face(handoff, NOON + 2 * HOUR).state, face(handoff, NOON + 2 * HOUR).words) == (
        "off",
        "Cancelled",
    )


def test_an_excused_miss_says_why():
    handoff = offered()
    clocks.breach_overdue(NOON + 6 * HOUR)
    Excuse.objects.create(
        breach=Breach.objects.get(), side="sales", asked_at=NOON, reason="public holiday", decision="granted"
    )

    shown = face(handoff, NOON + timedelta(days=1))

    assert (shown.state, shown.words) == ("exc", "Excused: public holiday")


def test_a_handoff_shows_the_clocks_of_its_qualification_too():
    make_contract()
    handoff = make_handoff()
    happens("mql", handoff.lead, NOON)
    happens("offered", handoff, NOON + HOUR)

    kinds = {found.kind for found in clock_faces([handoff.pk], NOON)[handoff.pk]}

    assert kinds == {"handover", "buyer_wait", "answer", "first_response"}


def test_a_lead_shows_the_clocks_of_all_its_cycles():
    make_contract()
    handoff = make_handoff()
    make_qualification(handoff.lead, NOON + HOUR)
    happens("offered", handoff, NOON)
    happens("mql", handoff.lead, NOON + HOUR)

    assert len(lead_clock_faces([handoff.lead_id], NOON)[handoff.lead_id]) == 4


def test_faces_of_one_and_of_ten_take_the_same_queries():
    make_contract()
    handoffs = [make_handoff() for _ in range(10)]
    for handoff in handoffs:
        happens("offered", handoff, NOON)
    clocks.breach_overdue(NOON + timedelta(days=1))
    with CaptureQueriesContext(connection) as one:
        clock_faces([handoffs[0].pk], NOON)

    with CaptureQueriesContext(connection) as ten:
        clock_faces([handoff.pk for handoff in handoffs], NOON)

    assert len(one) == len(ten)


def test_why_a_clock_is_due_then_names_what_ran_and_what_was_closed():
    started, due = moment("mon 17:00"), moment("tue 11:00")
    hours = office(("08:00", "18:00"))

    with timezone.override("UTC"):
        said = why_due(hours, started, 4 * HOUR, due, timedelta())

    assert said == (
        "Due Tue 2 Jun 11:00: 4 h 00 m from Mon 1 Jun 17:00, 1 h 00 m ran on Monday, closed 18:00 to 08:00."
    )


def test_a_clock_that_stands_has_no_due_moment_to_explain():
    assert why_due(office(), moment("mon 09:00"), HOUR, None, timedelta()).startswith("It stands")


def test_a_running_clock_says_how_long_it_counts_until_nobody_works():
    make_contract(calendar=make_calendar(), answer=40 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)

    assert [face(handoff, NOON + after).open_seconds for after in (HOUR, 24 * HOUR)] == [
        4 * 3600.0,
        5 * 3600.0,
    ]
    assert face(handoff, NOON + 10 * HOUR).open_seconds is None


def test_lists_ask_only_for_clocks_that_run_on():
    make_contract(calendar=make_calendar(), answer=4 * HOUR, first_response=8 * HOUR)
    handoff = make_handoff()
    happens("offered", handoff, NOON)
    happens("accepted", handoff, NOON + HOUR)

    found = open_clock_faces([handoff.pk], ("answer", "first_response"), NOON + 2 * HOUR)

    assert [one.kind for one in found[handoff.pk]] == ["first_response"]


def test_the_bar_of_a_clock_shows_where_it_warns():
    assert face(offered(), NOON).warned_percent == 80


def test_what_is_said_in_days_is_said_in_hours_as_well():
    handoff = offered(answer=120 * HOUR)

    shown = [face(handoff, at) for at in (NOON, NOON + timedelta(days=60))]

    assert shown[0].in_full == "120 working hours left"
    assert shown[1].in_full.endswith(" working hours late")
    assert replace(shown[0], left_seconds=HOUR.total_seconds()).in_full == ""
