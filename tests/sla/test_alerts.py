"""How messages about clocks are sent: read from the contract's terms, with defaults."""

from __future__ import annotations

from datetime import timedelta

import pytest

from definitions.engine.shapes import CriteriaError
from sla.engine import alerts


def test_without_words_the_defaults_hold():
    assert alerts.read({}) == alerts.Alerts(timedelta(minutes=5), 50, quiet_hours=True)


def test_what_is_said_holds():
    said = {"cool_down_minutes": 0, "daily_cap": 3, "quiet_hours": False}

    assert alerts.read(said) == alerts.Alerts(timedelta(), 3, quiet_hours=False)


@pytest.mark.parametrize(
    ("said", "place"),
    [([], ""), ({"cap": 3}, "/cap"), ({"daily_cap": 0}, "/daily_cap"), ({"daily_cap": "3"}, "/daily_cap"),
     ({"cool_down_minutes": -1}, "/cool_down_minutes"), ({"cool_down_minutes": True}, "/cool_down_minutes"),
     ({"cool_down_minutes": 1_441}, "/cool_down_minutes"), ({"quiet_hours": 1}, "/quiet_hours")],
)  # fmt: skip
def test_nonsense_is_refused_at_its_place_and_where_it_stands_already_the_defaults_hold(said, place):
    """F31."""
    with pytest.raises(CriteriaError) as refusal:
        alerts.written(said, "/alerts")

    assert refusal.value.path == f"/alerts{place}"
    assert alerts.holds(said) == alerts.read({})
