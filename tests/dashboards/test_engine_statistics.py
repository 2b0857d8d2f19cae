"""Quantiles and intervals, worked out by hand."""

from fractions import Fraction
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.engine.statistics import quantile, wilson

SOME = [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("values", "n", "fraction", "expected"),
    [
        ([], 0, (1, 2), None),
        ([7], 1, (9, 10), 7),
        (SOME, 4, (1, 2), 2.5),
        (SOME, 4, (9, 10), 3.7),
        ([1, 2, 3], 3, (1, 2), 2),
        ([1, 2], 3, (1, 2), 2),
        ([1], 3, (1, 2), None),
        ([1, 2], 4, (1, 2), None),
        ([], 5, (1, 2), None),
        (list(range(11)), 11, (9, 10), 9),
        (list(range(10)), 11, (9, 10), 9),
        (list(range(9)), 11, (9, 10), None),
    ],
    ids=[
        "nothing", "one", "between two", "p90 between two", "on a value", "on the last known one",
        "on an unknown one", "between known and unknown", "all unknown", "p90 on a value",
        "p90 on the last known", "p90 unknown",
    ],
)  # fmt: skip
def test_a_quantile_interpolates_and_is_unknown_where_it_touches_an_unknown_value(
    values, n, fraction, expected
):
    assert quantile(values, n, *fraction) == expected


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=50))
def test_quantiles_agree_with_the_standard_library(values):
    ordered = sorted(values)

    found = [quantile(ordered, len(ordered), tenth, 10) for tenth in range(1, 10)]

    expected = quantiles([Fraction(value) for value in ordered], n=10, method="inclusive")
    assert found == pytest.approx([float(value) for value in expected], abs=1e-9)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(hits, n, low, high):
    """Against the figures of Newcombe (1998), table I, method 3."""
    found = wilson(hits, n)

    assert [round(edge, 4) for edge in found] == [low, high]


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (7, 7)])
def test_an_interval_stays_between_nothing_and_everything(hits, n):
    low, high = wilson(hits, n)

    assert 0 <= low < high <= 1


def test_nothing_measured_has_no_interval():
    assert wilson(0, 0) is None
