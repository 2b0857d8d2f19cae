"""Acceptance, rejections and waiting times, worked out by hand."""

from datetime import timedelta

import pytest

from dashboards.engine.figures import Rate
from leads.models import LeadEvent, Meeting
from sla.models import Contest
from tests.dashboards.worlds import DAY, HOUR, ask, groups, june, make_clock, make_cycle, told
from tests.factories import (
    make_handoff,
    make_lead,
    make_member,
    make_person,
    make_qualification,
    make_reason,
    make_team,
)

pytestmark = pytest.mark.django_db
START = june(3)


def test_acceptance_is_accepted_of_decided_and_open_offers_do_not_count():
    make_cycle("accepted", answered=START + HOUR)
    make_cycle("disqualified", answered=START + HOUR)
    make_cycle("rejected", answered=START + HOUR)
    make_cycle("offered", redirects=2)
    make_cycle("withdrawn")

    found = told("acceptance-rate")

    assert found["basis"] == "cohort"
    assert found["total"] == {"value": 2 / 3, "numerator": 2, "denominator": 3, "n": 3}


def test_acceptance_of_a_period_counts_by_the_answer():
    make_cycle("accepted", offered_at=june(30), answered=june(30) + 2 * DAY)

    assert ask("acceptance-rate").total == Rate(1, 1)
    assert ask("acceptance-rate", basis="period").total == Rate(0, 0)


def test_a_horizon_leaves_out_what_was_decided_later_and_says_what_is_immature(database_clock):
    database_clock.set(june(10))
    make_cycle("accepted", offered_at=june(1), answered=june(1) + 2 * DAY)
    make_cycle("rejected", offered_at=june(1), answered=june(1) + 6 * DAY)
    make_cycle("accepted", offered_at=june(9), answered=june(9) + HOUR)

    found = told("acceptance-rate", horizon="5")

    assert (found["total"]["numerator"], found["total"]["denominator"]) == (2, 2)
    assert (found["horizon"], found["immature"]) == (5, 1)


def test_a_reopened_cycle_counts_instead_of_the_one_it_follows():
    old = make_cycle("rejected", answered=START + HOUR)
    make_cycle("accepted", answered=START + 2 * HOUR, follows=old, lead=old.lead, cycle=2)

    assert ask("acceptance-rate").total == Rate(1, 1)
    assert ask("rejections").total == Rate(0, 1)
    assert ask("offers").total.n == 1


def test_rejections_by_reason_are_shares_of_everything_decided():
    criterion, data = make_reason("reject", "criterion"), make_reason("reject", "data")
    for reason in (criterion, criterion, data):
        make_cycle("rejected", answered=START + HOUR, reason=reason)
    for _ in range(5):
        make_cycle("accepted", answered=START + HOUR)

    found = ask("rejections", by="reason")

    assert groups(found) == {"Criterion": Rate(2, 8), "Data": Rate(1, 8)}
    assert found.total == Rate(3, 8)


def test_quality_leaves_out_rejections_that_are_not_marketings_doing():
    known = make_reason("reject", "known", counts_against="nobody")
    bad = make_reason("reject", "bad", counts_against="marketing")
    make_cycle("rejected", answered=START, reason=known)
    contested = make_cycle("rejected", answered=START, reason=bad)
    make_cycle("rejected", answered=START, reason=bad)
    make_cycle("accepted", answered=START)
    Contest.objects.create(
        handoff=contested, asked_by=make_person(), asked_at=START, decision="reversed", decided_at=START
    )

    assert ask("quality").total == Rate(1, 2)
    assert ask("acceptance-rate").total == Rate(1, 4)


def test_what_came_before_a_pass_is_the_setters():
    setters, closers = make_team("Americas"), make_team("Enterprise")
    kofi, rachel = make_member(setters, name="Kofi Mensah"), make_member(closers, name="Rachel Stein")
    make_cycle(
        "qualified", answered=START, team=closers, holder=rachel, setter=kofi, setter_team=setters,
        qualified_at=START + DAY,
    )  # fmt: skip

    assert groups(ask("acceptance-rate", by="team")) == {"Americas": Rate(1, 1)}
    assert groups(ask("acceptance-rate", by="owner")) == {"Kofi Mensah": Rate(1, 1)}


def test_response_time_counts_the_unanswered_as_longer_than_any_answer():
    for minutes in (10, 30, 50):
        make_cycle("accepted", answered=START, tried=START + timedelta(minutes=minutes))
    make_cycle("offered")

    found = told("response-time")

    assert found["total"] == {
        "value": 2400, "numerator": 3, "denominator": 4, "n": 4,
        "median": 2400, "p90": None, "mean": 1800, "min": 600, "max": 3000,
    }  # fmt: skip


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_cycles_turned_away_without_an_attempt_are_in_no_response_time(status):
    make_cycle(status, answered=START + HOUR)
    make_cycle("disqualified", answered=START + HOUR)

    assert (ask("response-time").total.n, ask("response-time").total.answered) == (1, 0)


def test_implied_offers_and_booked_meetings_have_no_response_time():
    make_cycle("accepted", offer_implied=True, tried=START + HOUR)
    booked = make_cycle("accepted", tried=START + HOUR)
    make_clock("met", kind="first_response", handoff=booked, met_by_booking=True)

    assert ask("response-time").total.n == 0


def test_a_cycle_reopened_in_the_middle_has_no_second_response_time():
    old = make_cycle("disqualified", answered=START, tried=START + HOUR)
    make_cycle("accepted", offered_at=june(9), answered=june(9), follows=old, lead=old.lead, cycle=2)

    assert ask("response-time").total.values == (3600,)


def test_an_answer_after_the_horizon_is_none_yet():
    make_cycle("accepted", tried=START + 3 * DAY)

    assert (ask("response-time", horizon="2").total.answered, ask("response-time").total.answered) == (0, 1)


def test_buyer_wait_runs_from_the_hand_raise_to_the_first_attempt_of_any_cycle():
    lead = make_lead()
    raised = make_qualification(lead, june(2), raised_at=june(1))
    make_handoff(
        "withdrawn", lead=lead, qualification=raised, at=june(2), cycle=1,
    )  # fmt: skip
    make_handoff(
        "accepted",
        lead=lead,
        qualification=raised,
        at=june(3),
        cycle=2,
        first_response_at=june(4),
        accepted_at=june(4),
    )

    assert ask("buyer-wait").total.values == (3 * 86_400,)


def test_buyers_nobody_called_still_wait_unless_they_were_turned_away_or_set_aside():
    make_qualification(make_lead(), june(2))
    make_cycle("offered")
    make_cycle("rejected", answered=START)
    aside = make_qualification(make_lead(), june(2))
    LeadEvent.objects.create(kind="set_aside", lead=aside.lead, at=june(3), recorded_at=june(3))

    found = ask("buyer-wait").total

    assert (found.n, found.answered) == (2, 0)


def test_volumes_count_in_the_period():
    make_cycle("accepted", answered=START)
    make_cycle(offered_at=june(30) + DAY)

    assert ask("offers").total.n == 1
    assert ask("mql-volume", basis="period").total.n == 1
    assert told("offers")["total"] == {"value": 1, "numerator": 1, "denominator": None, "n": 1}


def test_later_steps_are_shares_of_those_who_entered_them():
    make_cycle("accepted", answered=START)
    make_cycle("qualified", answered=START, qualified_at=START + 10 * DAY)
    make_cycle("won", answered=START, qualified_at=START + DAY, closed_at=START + 2 * DAY)

    assert ask("sal-to-sql").total == Rate(2, 3)
    assert ask("sal-to-sql", horizon="5").total == Rate(1, 3)
    assert ask("sql-to-won").total == Rate(1, 2)


def test_meetings_held_of_those_booked_whose_time_has_come(database_clock):
    database_clock.set(june(20))
    for status, starts_at in (
        ("held", june(5)), ("no_show", june(6)), ("planned", june(7)), ("planned", june(25)),
        ("called_off", june(8)),
    ):  # fmt: skip
        cycle = make_cycle("accepted", answered=START + HOUR)
        ended = None if status == "planned" else starts_at
        Meeting.objects.create(
            lead=cycle.lead,
            handoff=cycle,
            status=status,
            booked_at=START,
            starts_at=starts_at,
            ended_at=ended,
        )

    assert ask("meetings-held").total == Rate(1, 3)
