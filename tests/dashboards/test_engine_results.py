"""A period that is over is judged by what it brought, rates net."""

from decimal import Decimal

import pytest

from dashboards.engine.figures import Rate
from dashboards.engine.results import Measured, judged


@pytest.mark.parametrize(("count", "verdict"), [(240, "kept"), (239, "missed")])
def test_a_sum_is_kept_to_the_unit(count, verdict):
    assert judged(Measured(Decimal(count)), Decimal(240)) == verdict


@pytest.mark.parametrize(
    ("hits", "of", "verdict"), [(75, 100, "kept"), (74, 100, "missed"), (9, 9, "few"), (0, 0, "none")]
)
def test_a_rate_is_kept_at_its_goal_and_nothing_is_not_zero(hits, of, verdict):
    assert judged(Measured.of_rate(Rate(hits, of)), Decimal("0.75")) == verdict


def test_what_counts_against_nobody_does_not_decide():
    found = Measured.of_rate(Rate(70, 100), Rate(70, 90))

    assert (found.gross.value, judged(found, Decimal("0.75"))) == (0.7, "kept")
