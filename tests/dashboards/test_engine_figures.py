"""Figures keep their counts, add up, and say nothing where nothing was measured."""

from decimal import Decimal

import pytest

from dashboards.engine.figures import Attainment, Count, Mean, Rate, Spread, Total

NOTHING = {"value": None, "numerator": None, "denominator": None, "n": 0}


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Rate(3, 4), {"value": 0.75, "numerator": 3, "denominator": 4, "n": 4}),
        (Rate(), {"value": None, "numerator": 0, "denominator": 0, "n": 0}),
        (Count(5), {"value": 5, "numerator": 5, "denominator": None, "n": 5}),
        (Count(), {"value": 0, "numerator": 0, "denominator": None, "n": 0}),
        (Total(Decimal("10.50"), 2), {"value": 10.5, "numerator": 10.5, "denominator": None, "n": 2}),
        (Total(Decimal("10.00"), 2), {"value": 10, "numerator": 10, "denominator": None, "n": 2}),
        (Total(), NOTHING),
        (Mean(Decimal(10), 4), {"value": 2.5, "numerator": 10, "denominator": 4, "n": 4}),
        (Mean(), NOTHING),
        (
            Attainment(7, 3, 1),
            {"value": 0.7, "numerator": 7, "denominator": 10, "n": 10}
            | {"net": {"value": 7 / 9, "numerator": 7, "denominator": 9}},
        ),
        (
            Spread((1, 2, 3)),
            {"value": 2, "numerator": None, "denominator": None, "n": 3}
            | {"median": 2, "p90": 2.8, "mean": 2, "min": 1, "max": 3},
        ),
        (
            Spread((1, 2), 2),
            {"value": None, "numerator": 2, "denominator": 4, "n": 4}
            | {"median": None, "p90": None, "mean": 1.5, "min": 1, "max": 2},
        ),
        (Spread(), NOTHING | dict.fromkeys(("median", "p90", "mean", "min", "max"))),
    ],
    ids=repr,
)
def test_a_figure_says_its_value_and_the_counts_behind_it(figure, said):
    assert figure.as_json() == said


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Rate(1, 2), Rate(2, 4), Rate(3, 6)),
        (Count(1), Count(2), Count(3)),
        (Total(Decimal(5), 1), Total(Decimal(7), 2), Total(Decimal(12), 3)),
        (Mean(Decimal(5), 1), Mean(Decimal(7), 2), Mean(Decimal(12), 3)),
        (Attainment(1, 2, 1), Attainment(3, 4, 0), Attainment(4, 6, 1)),
        (Spread((1, 5), 1), Spread((2, 9), 0), Spread((1, 2, 5, 9), 1)),
        (Spread((1,)), Spread((2,)), Spread((1, 2))),
    ],
    ids=repr,
)
def test_figures_of_two_groups_add_up_to_the_figure_of_both(one, other, both):
    assert one + other == both
