"""Kept, slipping or missed, from the counts and how far the period has come."""

from datetime import timedelta

import pytest

from dashboards.engine.figures import Rate
from dashboards.engine.verdicts import joint_goal, lost_with_marketing, of_rate, of_volume
from tests.dashboards.worlds import HOUR, june

TWO_THIRDS = 14 / 21


@pytest.mark.parametrize(
    ("rate", "goal", "gone", "verdict"),
    [
        (Rate(), 0.9, 0.5, "none"),
        (Rate(9, 9), 0.9, 0.5, "few"),
        (Rate(19, 19), 0.9, 0.5, "open"),
        (Rate(18, 20), 0.9, 0.5, "kept"),
        (Rate(88, 101), 0.9, TWO_THIRDS, "slipping"),
        (Rate(131, 155), 0.9, TWO_THIRDS, "missed"),
        (Rate(179, 200), 0.9, 1.0, "missed"),
        (Rate(10, 20), 0.9, 0.0, "slipping"),
    ],
    ids=["nothing", "under 10", "under 20", "at the goal", "reachable", "out of reach", "over", "not begun"],
)
def test_a_rate_is_slipping_while_the_rest_of_the_period_can_still_mend_it(rate, goal, gone, verdict):
    assert of_rate(rate, goal, gone) == verdict


@pytest.mark.parametrize(
    ("count", "gone", "verdict"),
    [(160, TWO_THIRDS, "kept"), (159, TWO_THIRDS, "slipping"), (239, 1.0, "missed"), (240, 1.0, "kept")],
)
def test_a_volume_is_held_against_the_pace_and_in_the_end_against_the_whole(count, gone, verdict):
    assert of_volume(count, 240, gone) == verdict


def test_the_goal_of_several_commitments_weighs_them_by_what_was_measured():
    assert joint_goal([(30, 0.9), (10, 0.5)]) == pytest.approx(0.8)
    assert joint_goal([(0, 0.9), (0, 0.5)]) == pytest.approx(0.7)
    assert joint_goal([]) is None


def test_lost_time_is_split_at_the_offer():
    offered_late = (june(1), june(1) + HOUR, june(1) + 4 * HOUR)
    never_offered = (june(1), None, june(1) + HOUR)
    tried_before_the_offer = (june(1), june(2), june(1) + timedelta(hours=3))

    assert lost_with_marketing([offered_late]) == 0.25
    assert lost_with_marketing([offered_late, never_offered, tried_before_the_offer]) == 5 / 8
    assert lost_with_marketing([]) is None
