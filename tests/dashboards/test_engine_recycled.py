"""What became of a recycled lead, by what is known at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboards.engine.recycled import IN_TIME, LATE, UNTOUCHED, WAITING, WOKEN_LATE, Recycling

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DUE = AT + 10 * DAY
WAKES_BY = AT + 20 * DAY


def recycled(**fields) -> Recycling:
    return Recycling(event=1, lead=1, at=AT, due_at=DUE, **fields)


@pytest.mark.parametrize(
    ("fields", "known_at", "state"),
    [
        ({"touched_at": DUE}, DUE, IN_TIME),
        ({"touched_at": DUE + MOMENT}, DUE + DAY, LATE),
        ({"touched_at": DUE}, DUE - MOMENT, WAITING),
        ({}, DUE, WAITING),
        ({}, DUE + MOMENT, UNTOUCHED),
        ({"left_at": DUE}, DUE + DAY, ""),
        ({"left_at": DUE}, DUE - MOMENT, WAITING),
        ({"left_at": DUE + MOMENT}, DUE + DAY, UNTOUCHED),
        ({"left_at": DUE, "touched_at": AT + DAY}, DUE + DAY, IN_TIME),
        ({"touched_at": DUE, "wakes_by": WAKES_BY}, WAKES_BY, IN_TIME),
        ({"touched_at": DUE, "wakes_by": WAKES_BY}, WAKES_BY + MOMENT, WOKEN_LATE),
        ({"touched_at": DUE, "wakes_by": WAKES_BY, "left_at": WAKES_BY}, WAKES_BY + DAY, IN_TIME),
        ({"touched_at": DUE, "wakes_by": WAKES_BY, "left_at": WAKES_BY + MOMENT}, WAKES_BY + DAY, WOKEN_LATE),
    ],
)
def test_a_recycled_lead_is_touched_in_time_and_woken_on_its_day(fields, known_at, state):
    assert recycled(**fields).state(known_at) == state
