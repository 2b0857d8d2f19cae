"""From the goal back to leads: every figure worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from dashboards.engine import goal
from dashboards.engine.figures import Rate
from dashboards.engine.goal import Assumed, Cohort, Needed
from dashboards.engine.periods import quarter_of

Q1 = quarter_of(date(2027, 1, 1))


def assumed(**changes):
    known = {
        "revenue": 2_400_000, "share": "0.95", "pipeline": 0, "deal": 54_000, "win": "0.2", "qualify": "0.4",
        "accept": "0.75",
    }  # fmt: skip
    return Assumed(**{name: Decimal(value) for name, value in (known | changes).items()})


def test_each_step_back_is_rounded_up():
    """2,280,000 / 54,000 = 42.2 deals; 43 / .2 = 215; 215 / .4 = 537.5; 538 / .75 = 717.3."""
    found = goal.needed(assumed())

    assert found == Needed(43, 215, 538, 718)
    assert found.offers_a_month == 240


def test_what_is_open_already_is_taken_off():
    """2,280,000 - 660,000 = 1,620,000 = 30 deals, 150 SQL, 375 accepted, 500 offers."""
    assert goal.needed(assumed(pipeline=660_000)) == Needed(30, 150, 375, 500)
    assert goal.needed(assumed(pipeline=9_000_000)) == Needed(0, 0, 0, 0)


@pytest.mark.parametrize("name", ["deal", "win", "qualify", "accept"])
def test_a_rate_of_zero_reaches_no_goal(name):
    with pytest.raises(ValueError, match="zero"):
        goal.needed(assumed(**{name: 0}))


def test_the_width_comes_from_the_interval_of_the_win_rate():
    """Wilson, 20 of 100: .1334 to .2888. 43 / .2888 = 148.9, / .4 = 372.5, / .75 = 497.3; 43 / .1334 = 322.4 ..."""
    assert goal.between(assumed(), Rate(20, 100)) == (166, 360)
    assert goal.between(assumed(), Rate(0, 0)) is None


def test_a_tenth_more_of_each_lever():
    """Deal 59,400: 38.4 -> 39, 195, 488, 651 -> 217. Win .22: 43 / .22 = 195.5 -> 196, 490, 654 -> 218."""
    found = {name: offers for name, _, _, offers in goal.levers(assumed())}

    assert (found["deal"], found["win"]) == (217, 218)
    assert goal.levers(assumed(accept="0.95"))[3][2] == 1


def test_parts_add_up_to_the_unit():
    thirds = {name: Fraction(1, 3) for name in "abc"}

    assert goal.largest_remainder(100, thirds) == {"a": 34, "b": 33, "c": 33}
    assert goal.largest_remainder(5, {"a": Fraction(0)}) == {"a": 0}


def cohort(source, offers, accepted, qualified, won):
    return Cohort(source, offers, Rate(accepted, offers), Rate(qualified, accepted), Rate(won, qualified))


def test_sources_keep_their_mix_and_their_own_rates():
    """Demo is a quarter of the offers and, at .9 against .7 accepted, 9 of 30 of the accepted."""
    parts = goal.by_source(
        Needed(2, 10, 60, 80),
        [cohort("demo", 100, 90, 45, 9), cohort("webinar", 300, 210, 63, 9)],
        cohort("", 400, 300, 108, 18),
        enough=30,
    )

    assert [(part.source, part.offers, part.accepted) for part in parts] == [
        ("demo", 20, 18),
        ("webinar", 60, 42),
    ]
    assert [(part.qualified, part.deals) for part in parts] == [(4, 1), (6, 1)]


def test_a_source_with_too_few_is_taken_to_be_like_all():
    parts = goal.by_source(
        Needed(1, 4, 12, 16), [cohort("demo", 8, 8, 8, 8), cohort("webinar", 8, 4, 4, 0)],
        cohort("", 16, 12, 12, 8), enough=30,
    )  # fmt: skip

    assert [part.accepted for part in parts] == [6, 6]


def test_offers_are_due_as_long_before_as_a_deal_takes():
    """90 days before Q1 2027 (90 days long): 3 October to 31 December; 29, 30 and 31 days."""
    today = date(2026, 10, 3)

    assert goal.by_month(90, Q1, 90, today) == [
        ("October 2026", 29),
        ("November 2026", 30),
        ("December 2026", 31),
    ]
    assert sum(offers for _, offers in goal.by_month(251, Q1, 45, today)) == 251


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 1), [("November 2026", 44), ("December 2026", 46)]),
        (date(2026, 12, 16), [("December 2026", 90)]),
        (date(2026, 12, 31), [("December 2026", 90)]),
        (date(2027, 1, 1), []),
    ],
    ids=["a month is over", "in the middle of the last month", "its last day", "too late"],
)
def test_no_offers_are_asked_of_days_that_are_over(today, months):
    """90 days before Q1 2027: 3 October to 31 December, all 90 offers on the days that are left."""
    assert goal.by_month(90, Q1, 90, today) == months
    assert goal.due_before(Q1, 90) == date(2027, 1, 1)


@pytest.mark.parametrize("day", [18, 19, 30])
def test_too_late_is_too_late_also_within_the_month_in_which_the_last_offer_was_due(day):
    """Due before 18 November: a month that had begun by then got all the offers, or a row of none."""
    assert goal.due_before(Q1, 134) == date(2026, 11, 18)
    assert goal.by_month(90, Q1, 134, date(2026, 11, 17)) == [("November 2026", 90)]
    assert goal.by_month(90, Q1, 134, date(2026, 11, day)) == []


def test_hours_asked_against_hours_there():
    """240 offers, 5 attempts of 6 minutes: 120 h; 6 reps with 30 h."""
    found = goal.capacity(240, Decimal(5), Decimal(6), 6, Decimal(30))

    assert (found.wanted, found.there, found.enough) == (120, 180, True)
    assert not goal.capacity(240, Decimal(5), Decimal(6), 1, Decimal(30)).enough


def test_what_is_open_closes_as_won_deals_did():
    """A new deal closes in 30 to 60 days like one of four; one 50 days old like one of the two that took longer."""
    took = [20, 40, 80, 200]

    assert goal.closing_in([(0, Decimal(400))], took, 30, 60) == 100
    assert goal.closing_in([(50, Decimal(400))], took, 30, 60) == 200
    assert goal.closing_in([(300, Decimal(400))], took, 0, 90) == 0
