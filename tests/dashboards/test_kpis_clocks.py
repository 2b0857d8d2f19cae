"""Attainment and business time of a few clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.engine.figures import Attainment, Unrated
from tests.dashboards.worlds import (
    DAY,
    HOUR,
    ask,
    groups,
    june,
    make_clock,
    make_commitment,
    make_contract,
    make_organisation,
    told,
)
from tests.factories import make_field, make_lead, make_member, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(database_clock):
    return database_clock.set(june(20))


def test_attainment_is_gross_and_net_beside_it():
    for _ in range(7):
        make_clock("met")
    make_clock("breached")
    make_clock("breached", excused="granted")
    make_clock("breached", excused="refused")
    make_clock("breached", excused="")

    found = told("attainment")

    assert found["basis"] == "due"
    assert found["total"] == {
        "value": 7 / 11, "numerator": 7, "denominator": 11, "n": 11,
        "net": {"value": 0.7, "numerator": 7, "denominator": 10},
    }  # fmt: skip


def test_cancelled_paused_not_yet_due_and_unbound_clocks_are_in_no_rate():
    make_clock("cancelled")
    make_clock("paused")
    make_clock("running", due_at=june(25))
    make_clock("breached", counted=False)
    make_clock("met")

    assert ask("attainment").total == Attainment(1, 0, 0)


@pytest.mark.parametrize(("late", "breached"), [(timedelta(microseconds=1), 1), (timedelta(), 0)])
def test_a_clock_is_missed_once_its_due_time_has_passed_even_before_the_sweep(late, breached):
    make_clock("running", due_at=june(20) - late)

    assert ask("attainment").total == Attainment(0, breached, 0)


def test_a_miss_made_by_a_corrected_calendar_is_excused():
    clock = make_clock("breached")
    clock.breach.by_recalculation = True
    clock.breach.save()

    assert ask("attainment").total == Attainment(0, 1, 1)


@pytest.mark.parametrize(
    ("zone", "in_june"), [("Europe/Berlin", 1), ("America/New_York", 0)], ids=["Berlin", "New York"]
)
def test_a_breach_is_in_the_month_of_the_reporting_zone(zone, in_june):
    """A29: a breach at 2026-06-01 00:30 Berlin is in June for Berlin and in May for New York."""
    make_organisation(zone)
    make_clock("breached", due_at=june(1, 0) - timedelta(minutes=90))
    make_clock("breached", due_at=june(10))

    months = groups(ask("attainment", by="month", **{"from": "2026-05-01", "to": "2026-07-01"}))

    assert ask("attainment").total.breached == 1 + in_june
    assert sum(figure.breached for figure in months.values()) == 2


def test_groups_of_clocks_add_up_to_the_total():
    team = make_team("Enterprise")
    make_clock("met", team=team)
    make_clock("breached", team=team, cause="absent", excused="granted")
    make_clock("breached", kind="first_response", cause="nobody")

    for by in ("team", "clock", "cause", "owner", "commitment", "week", "source", "hour"):
        figures = groups(ask("attainment", by=by)).values()
        assert sum(figures, Attainment()) == Attainment(1, 2, 1), by
    assert groups(ask("attainment", by="clock")) == {
        "Answer": Attainment(1, 1, 1),
        "First response": Attainment(0, 1, 0),
    }
    assert groups(ask("attainment", by="cause")) == {
        "Absent": Unrated(0, 1, 1), "Nobody held it": Unrated(0, 1, 0), None: Unrated(1, 0, 0),
    }  # fmt: skip


def test_by_hour_a_clock_stands_at_the_local_time_at_which_it_started():
    """Eight in UTC is nine in Oslo before the last Sunday of March 2026, and ten after it."""
    make_organisation("Europe/Oslo")
    for day in (27, 30, 31):
        make_clock("met", due_at=datetime(2026, 3, day, 12, tzinfo=UTC))

    found = groups(ask("attainment", by="hour", **{"from": "2026-03-01", "to": "2026-04-01"}))

    assert found == {"09:00 to 09:59": Attainment(1, 0, 0), "10:00 to 10:59": Attainment(2, 0, 0)}


def test_by_cause_there_are_counts_and_no_rate():
    """A cause stands on misses alone."""
    make_clock("met")
    make_clock("breached", cause="absent", excused="granted")

    found = told("attainment", by="cause")

    assert found["total"]["value"] == 0.5
    assert [row["value"] for row in found["rows"]] == [None, None]
    assert [row["net"]["value"] for row in found["rows"]] == [None, None]
    assert [(row["numerator"], row["denominator"]) for row in found["rows"]] == [(0, 1), (1, 1)]


def test_a_missed_clock_stays_with_who_held_it_then():
    lena, tom = make_member(make_team(), name="Lena Vogt"), make_member(make_team(), name="Tom Okafor")
    make_clock("breached", person=tom, breach_person=lena)

    assert groups(ask("attainment", by="owner")) == {"Lena Vogt": Attainment(0, 1, 0)}


def test_response_time_by_due_is_business_time_and_the_late_wait_on():
    make_clock("met", kind="first_response", consumed=HOUR)
    late = make_clock("breached", kind="first_response", consumed=5 * HOUR)
    late.satisfied_at = late.ended_at = june(4)
    late.save()
    make_clock("breached", kind="first_response")
    make_clock("met", kind="first_response", met_by_booking=True)
    make_clock("met", kind="answer")

    found = ask("response-time", basis="due").total

    assert (found.values, found.unanswered) == ((3600, 18_000), 1)


def test_a_cohort_of_clocks_counts_by_their_start():
    make_clock("met", due_at=june(1, 2))
    make_clock("met", due_at=june(3))

    assert ask("attainment").total.met == 2
    assert ask("attainment", basis="cohort").total.met == 1
    assert ask("attainment", **{"from": "2026-05-31", "to": "2026-06-01"}, basis="cohort").total.met == 1


def test_answer_time_is_the_business_time_of_answers():
    make_clock("met", consumed=2 * HOUR)
    make_clock("met", consumed=HOUR, due_at=june(3) + DAY)

    assert ask("answer-time").total.median == 5400


def test_commitments_of_one_name_are_told_apart_by_their_versions():
    """Contracts repeat the names of what they promise; a name that stands once stays as it is."""
    for number in (1, 2):
        version = make_contract(number=number)
        make_clock("met", commitment=make_commitment("answer", "sales", version=version, name="Answer"))
    make_clock("met", commitment=make_commitment("rework", "marketing", version=version, name="Rework"))

    assert [row["group"] for row in told("attainment", by="commitment")["rows"]] == [
        "Answer (v1)", "Answer (v2)", "Rework"
    ]  # fmt: skip


def test_a_custom_attribute_is_asked_by_its_bare_name_where_no_group_has_it():
    make_field("sites", "number")
    make_field("team")
    make_clock("met", lead=make_lead(attributes={"sites": 3, "team": "blue"}))

    rows = {
        by: told("attainment", by=by)["rows"]
        for by in ("sites", "attributes.sites", "attributes.team", "team")
    }

    assert rows["sites"] == rows["attributes.sites"]
    assert [row["group"] for row in rows["sites"]] == ["3"]
    assert (
        [row["group"] for row in rows["attributes.team"]]
        == ["blue"]
        != [row["group"] for row in rows["team"]]
    )
