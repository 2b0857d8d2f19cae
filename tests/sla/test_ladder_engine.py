"""The ladder as pure rules: how it is written, when its rungs fall due, and which of them are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.engine.shapes import CriteriaError
from sla.engine import ladder
from sla.engine.ladder import Do
from tests.sla.hours import HOUR, always, moment, office

THREE = [
    {"after_hours": 1, "to": "sales_manager"},
    {"after": "2h", "do": "takeover"},
    {"after": "4h", "do": "pool"},
]


@pytest.mark.parametrize(
    ("calendar", "missed", "hours", "climbed"),
    [
        pytest.param(office(), moment("mon 10:00"), 1, moment("mon 11:00"), id="within the day"),
        pytest.param(office(), moment("fri 16:30"), 1, moment("+mon 09:30"), id="over the weekend"),
        pytest.param(office(), moment("mon 17:00"), 16, moment("wed 17:00"), id="two working days"),
        pytest.param(office(("09:00", "12:00"), ("13:00", "17:00")), moment("mon 11:30"), 1, moment("mon 13:30"),
                     id="over lunch"),
        pytest.param(always(), moment("fri 23:00"), 4, moment("sat 03:00"), id="all hours"),
        pytest.param(office(("00:00", "24:00"), tz="Europe/Berlin"), moment("2026-03-27 23:00", "Europe/Berlin"), 2,
                     moment("2026-03-30 01:00", "Europe/Berlin"), id="the weekend of summer time"),
    ],
)  # fmt: skip
def test_a_rung_falls_due_in_the_business_time_of_its_clock(calendar, missed, hours, climbed):
    """R6; golden cases a, d and j."""
    rungs = ladder.read([{"after_hours": hours, "to": "team"}])

    assert ladder.instants(rungs, calendar, missed) == (climbed,)


def test_a_night_on_which_the_clock_goes_forward_has_an_hour_less():
    duty = office(("00:00", "24:00"), tz="America/New_York")
    duty = type(duty).from_dict({"tz": "America/New_York", "hours": {"sun": [["00:00", "24:00"]]}})
    rungs = ladder.read([{"after": "3h", "to": "team"}])

    [at] = ladder.instants(rungs, duty, moment("2026-03-08 00:30", "America/New_York"))

    assert at == moment("2026-03-08 04:30", "America/New_York")


def steps(climbed: int, now: str, said=THREE):
    rungs = ladder.read(said)
    times = ladder.instants(rungs, office(), moment("mon 10:00"))
    return [
        (step.rung.number, step.silent, step.overtaken)
        for step in ladder.due(rungs, times, climbed, moment(now))
    ]


@pytest.mark.parametrize(
    ("climbed", "now", "found"),
    [
        pytest.param(0, "mon 10:59", [], id="before the first"),
        pytest.param(0, "mon 11:00", [(1, False, False)], id="at its instant"),
        pytest.param(1, "mon 11:00", [], id="not twice"),
        pytest.param(1, "mon 12:00", [(2, False, False)], id="in order"),
        pytest.param(0, "mon 15:00", [(1, True, False), (2, True, True), (3, False, False)], id="after an outage"),
        pytest.param(3, "fri 15:00", [], id="at the top"),
    ],
)  # fmt: skip
def test_rungs_are_climbed_in_order_and_only_the_highest_is_told(climbed, now, found):
    """R6: each at its own instant, none twice; after an outage the lower ones are silent."""
    assert steps(climbed, now) == found


def test_a_move_below_a_telling_rung_is_made_though_it_is_silent():
    said = [{"after": "1h", "do": "takeover"}, {"after": "2h", "to": "both_managers"}]

    assert steps(0, "mon 13:00", said) == [(1, True, False), (2, False, False)]


def test_the_next_instant_ends_with_the_ladder():
    times = ladder.instants(ladder.read(THREE), office(), moment("mon 10:00"))

    assert [ladder.next_at(times, climbed) for climbed in (0, 2, 3)] == [times[0], times[2], None]


def test_the_documented_form_stays_valid_and_says_notify():
    [rung] = ladder.read([{"after_hours": 4, "to": "sales_manager"}])

    assert (rung.number, rung.after, rung.do, rung.to) == (1, 4 * HOUR, Do.NOTIFY, "sales_manager")


def test_time_is_written_in_minutes_or_hours():
    said = [
        {"after": "90m", "to": "team"},
        {"after": "1.75h", "to": "team"},
        {"after_hours": 2.5, "to": "team"},
    ]

    assert [rung.after / timedelta(minutes=1) for rung in ladder.read(said)] == [90, 105, 150]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"after": "4h"}, ""),
        (["4h"], "/0"),
        ([{"to": "team"}], "/0/after"),
        ([{"after": "4h", "after_hours": 4, "to": "team"}], "/0/after"),
        ([{"after": "4d", "to": "team"}], "/0/after"),
        ([{"after": "0h", "to": "team"}], "/0/after"),
        ([{"after_hours": -1, "to": "team"}], "/0/after_hours"),
        ([{"after_hours": True, "to": "team"}], "/0/after_hours"),
        ([{"after_hours": float("nan"), "to": "team"}], "/0/after_hours"),
        ([{"after_hours": 10_001, "to": "team"}], "/0/after_hours"),
        ([{"after": "4h"}], "/0/to"),
        ([{"after": "4h", "to": "the boss"}], "/0/to"),
        ([{"after": "4h", "to": ["team"]}], "/0/to"),
        ([{"after": "4h", "to": "team", "do": "shout"}], "/0/do"),
        ([{"after": "4h", "to": "team", "mail": "x"}], "/0/mail"),
        ([{"after": "4h", "to": "team"}, {"after_hours": 4, "to": "admin"}], "/1/after"),
        ([{"after_hours": n, "to": "team"} for n in range(1, 10)], ""),
    ],
)  # fmt: skip
def test_a_ladder_that_makes_no_sense_is_refused_at_its_place(said, place):
    with pytest.raises(CriteriaError) as refusal:
        ladder.read(said, "/ladder")

    assert refusal.value.path == f"/ladder{place}"


@pytest.mark.parametrize(
    ("kind", "do"),
    [("handover", "pool"), ("buyer_wait", "reassign"), ("rework", "takeover"), ("take", "takeover")],
)
def test_what_nobody_in_sales_holds_cannot_be_moved(kind, do):
    with pytest.raises(CriteriaError, match="/0/do"):
        ladder.read([{"after": "4h", "do": do}], kind=kind)
