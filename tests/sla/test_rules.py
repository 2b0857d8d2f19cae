"""The rules of domain section 5 that the table does not tell, in the book of clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.engine.clock import Status
from sla.engine.effort import Attempt, Effort
from sla.engine.reading import Place
from tests.sla.hours import HOUR, MINUTE, moment
from tests.sla.pages import (
    HOURS,
    LATER,
    LEAD,
    OTHER_REP,
    OTHER_TEAM,
    REP,
    TEAM,
    OnePromiseEach,
    clock,
    happens,
    make_book,
    make_cycle,
)

POOL = make_cycle
ATTEMPT = {"channel": "call", "outcome": "no_answer"}


def test_the_buyer_waits_from_the_moment_of_the_raise():
    book = make_book(happens("mql", "mon 09:30", raised_at=moment("mon 09:00").isoformat()))

    assert clock(book, "buyer_wait").state.started_at == moment("mon 09:00")


def test_a_clock_born_overdue_is_missed_and_raises_no_alert():
    chooser = OnePromiseEach(target=HOUR)

    book = make_book(happens("mql", "mon 12:00", raised_at=moment("mon 09:00").isoformat()), chooser=chooser)

    waited = clock(book, "buyer_wait")
    assert (waited.state.status, waited.miss.at, waited.miss.quiet) == (
        Status.BREACHED,
        moment("mon 10:00"),
        True,
    )


def test_the_buyer_waits_once_whatever_becomes_of_the_offers():
    book = make_book(happens("mql"), happens("offered"), happens("withdrawn"), happens("offered"))

    assert (clock(book, "buyer_wait").round, clock(book, "buyer_wait").state.status) == (1, Status.RUNNING)


def test_a_withdrawn_offer_gives_marketing_a_new_round_to_hand_over():
    book = make_book(happens("mql"), happens("offered", "mon 10:00"), happens("withdrawn", "mon 11:00"))

    rounds = [
        (clock(book, "handover", n).state.status, clock(book, "handover", n).state.started_at) for n in (1, 2)
    ]
    assert rounds == [(Status.MET, moment("mon 09:00")), (Status.RUNNING, moment("mon 11:00"))]


def test_a_booked_meeting_settles_first_response_and_buyer_wait_as_met_by_booking():
    book = make_book(
        happens("mql"), happens("offered"), happens("accepted", "mon 10:00", person=REP, by="booking")
    )

    settled = {
        kind: (clock(book, kind).state.status, clock(book, kind).state.by_booking)
        for kind in ("answer", "first_response", "buyer_wait", "follow_up")
    }
    assert settled == {
        "answer": (Status.MET, False),
        "first_response": (Status.MET, True),
        "buyer_wait": (Status.MET, True),
        "follow_up": (Status.MET, False),
    }


def test_accepting_satisfies_the_answer_and_never_the_first_response():
    book = make_book(happens("offered"), happens("accepted", "mon 10:00", person=REP))

    assert [clock(book, kind).state.status for kind in ("answer", "first_response")] == [
        Status.MET,
        Status.RUNNING,
    ]


def test_attempts_count_from_the_offer_of_the_same_cycle():
    book = make_book(
        happens("offered"), happens("attempted", "mon 10:00", **ATTEMPT), happens("accepted", "mon 11:00")
    )

    assert clock(book, "follow_up").state.progress == 1


def test_contact_made_before_acceptance_ends_the_follow_up_at_once():
    book = make_book(happens("offered"), happens("contacted", "mon 10:00"), happens("accepted", "mon 11:00"))

    assert clock(book, "follow_up").state.status is Status.MET


@pytest.mark.parametrize(
    ("effort", "attempts", "met"),
    [
        pytest.param(Effort(3), [("mon 09:00", "call")] * 2, False, id="too few attempts"),
        pytest.param(Effort(2), [("mon 09:00", "call")] * 2, True, id="enough attempts"),
        pytest.param(Effort(2, days=2), [("mon 09:00", "call")] * 3, False, id="all on one day"),
        pytest.param(
            Effort(2, days=2), [("mon 09:00", "call"), ("tue 09:00", "call")], True, id="on two days"
        ),
        pytest.param(Effort(2, calls=1), [("mon 09:00", "email")] * 2, False, id="no call"),
        pytest.param(
            Effort(2, channels=2), [("mon 09:00", "call"), ("mon 10:00", "email")], True, id="two channels"
        ),
        pytest.param(Effort(2, channels=2), [("mon 09:00", "call")] * 4, False, id="one channel"),
    ],
)
def test_a_follow_up_asks_for_attempts_days_calls_and_channels(effort, attempts, met):
    made = [Attempt(moment(at), channel) for at, channel in attempts]

    assert effort.met_by(made, "UTC") is met


def test_days_of_attempts_are_those_of_the_calendars_zone():
    made = [Attempt(moment("mon 21:00")), Attempt(moment("mon 23:00"))]

    days = [Effort(2, days=2).met_by(made, zone) for zone in ("UTC", "Europe/Oslo")]

    assert days == [False, True]


def test_another_team_runs_on_the_time_that_is_left_in_its_own_hours():
    chooser = OnePromiseEach(target=4 * HOUR)
    book = make_book(happens("offered", "mon 06:00"), chooser=chooser)

    book.apply(happens("reassigned", "mon 08:00", from_team=TEAM, team=OTHER_TEAM, person=OTHER_REP))

    answer = clock(book, "answer")
    assert (answer.state.due_at, answer.choice.hours, answer.place) == (
        moment("mon 11:00"),
        HOURS[OTHER_TEAM],
        Place(OTHER_TEAM, OTHER_REP),
    )


def test_a_contract_may_say_that_a_reassignment_starts_anew():
    book = make_book(happens("offered"), chooser=OnePromiseEach(restarts=True))

    book.apply(happens("reassigned", "mon 10:00", from_team=TEAM, team=TEAM, person=OTHER_REP))

    assert [clock(book, "answer", number).state.status for number in (1, 2)] == [
        Status.CANCELLED,
        Status.RUNNING,
    ]


def test_whoever_held_it_when_it_fell_due_stands_on_the_miss():
    book = make_book(happens("offered"), chooser=OnePromiseEach(target=HOUR))

    book.apply(happens("reassigned", "mon 11:00", from_team=TEAM, team=TEAM, person=OTHER_REP))

    assert clock(book, "answer").miss.place == Place(TEAM, REP)


def test_who_answers_from_the_pool_stands_on_the_answer():
    book = make_book(happens("offered", person=None), happens("rejected", "mon 10:00", next_step="close"))

    assert clock(book, "answer").place == Place(TEAM, REP)


def test_a_cancelled_first_response_without_attempt_is_missed_once_it_was_due():
    chooser = OnePromiseEach(target=HOUR)

    late = make_book(happens("offered"), happens("rejected", "mon 11:00", next_step="close"), chooser=chooser)
    early = make_book(
        happens("offered"), happens("rejected", "mon 09:30", next_step="close"), chooser=chooser
    )

    assert [clock(book, "first_response").state.status for book in (late, early)] == [
        Status.BREACHED,
        Status.CANCELLED,
    ]


def test_a_return_takes_over_from_a_pause_by_hand_and_a_resume_by_hand_does_not_end_it():
    book = make_book(happens("offered"), happens("paused", "mon 10:00"), happens("returned", "mon 11:00"))

    book.apply(happens("resumed", "mon 12:00"))
    held = clock(book, "answer").state.status
    book.apply(happens("resupplied", "mon 13:00"))

    assert (held, clock(book, "answer").state.status) == (Status.PAUSED, Status.RUNNING)


def test_a_pause_by_hand_may_concern_some_kinds_only():
    book = make_book(happens("offered"), happens("paused", "mon 10:00", kinds=["answer"]))

    assert [clock(book, kind).state.status for kind in ("answer", "first_response")] == [
        Status.PAUSED,
        Status.RUNNING,
    ]


def test_a_second_raise_gives_a_second_round_and_one_attempt_ends_both():
    book = make_book(
        happens("offered"), happens("raised_again", "mon 10:00"), happens("raised_again", "mon 11:00")
    )

    book.apply(happens("attempted", "mon 12:00", **ATTEMPT))

    assert [clock(book, "re_response", number).state.status for number in (1, 2)] == [Status.MET, Status.MET]


def test_no_clock_starts_without_a_promise():
    book = make_book(happens("mql"), happens("offered"), chooser=OnePromiseEach(without=("answer",)))

    assert clock(book, "answer") is None


@pytest.mark.parametrize("kind", ["mql", "offered"])
def test_no_clock_starts_from_an_implied_step(kind):
    book = make_book(replace(happens(kind), implied=True))

    assert list(book.entries()) == []


def test_a_clock_ended_by_an_implied_step_is_cancelled():
    book = make_book(happens("offered"), replace(happens("accepted", "mon 10:00", person=REP), implied=True))

    assert clock(book, "answer").state.status is Status.CANCELLED


def test_history_that_ends_overdue_is_missed_quietly_as_it_was():
    book = make_book(replace(happens("offered"), historic=True), chooser=OnePromiseEach(target=HOUR))

    book.settle({LEAD: LATER})

    miss = clock(book, "answer").miss
    assert (miss.at, miss.historic, miss.quiet) == (moment("mon 10:00"), True, True)


def test_warnings_that_passed_before_an_import_are_recorded_in_silence():
    book = make_book(replace(happens("offered"), historic=True), chooser=OnePromiseEach(target=10 * HOUR))

    book.settle({LEAD: moment("mon 15:00")})

    answer = clock(book, "answer")
    assert [(line.at, line.data) for line in answer.lines if line.kind == "warned"] == [
        (moment("mon 14:00"), {"rung": 1, "silent": True})
    ]
    assert (answer.state.warned, answer.state.warn_at) == (1, moment("mon 17:00"))


events = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "offered",
                "claimed",
                "accepted",
                "returned",
                "resupplied",
                "attempted",
                "contacted",
                "qualified",
                "passed",
                "taken",
                "sent_back",
                "paused",
                "resumed",
                "raised_again",
                "rejected",
                "withdrawn",
                "disqualified",
                "recycled",
                "won",
                "lost",
                "merged",
            ]
        ),
        st.integers(min_value=0, max_value=3_000),
    ),
    max_size=20,
)


@given(events)
def test_no_order_of_events_gives_negative_time_or_two_misses(events):
    book, at = make_book(happens("mql"), chooser=OnePromiseEach(target=8 * HOUR)), moment("mon 09:00")
    for kind, minutes in events:
        at += minutes * MINUTE
        book.apply(replace(happens(kind), at=at))

    for entry in book.entries():
        state, said = entry.state, [line.kind for line in entry.lines]
        assert state.consumed >= timedelta()
        assert said.count("breached") == (state.status is Status.BREACHED)
        assert (state.status is Status.MET) <= (state.consumed <= state.target)
        assert said[:2] == ["chosen", "started"]
