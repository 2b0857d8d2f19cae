"""When mail goes out, as pure rules."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.engine.manners import (
    COOLING,
    QUIET,
    STORMING,
    WINDOW,
    Hold,
    Send,
    about_one_clock,
    to_one_person,
)
from sla.engine.alerts import read
from tests.factories import HOUR, MINUTE, NOON

TERMS = read({"cool_down_minutes": 10})


@pytest.mark.parametrize(
    ("terms", "opens", "last", "judged"),
    [
        ({}, None, None, Send()),
        ({}, NOON + HOUR, None, Hold(NOON + HOUR, QUIET)),
        ({"quiet_hours": False}, NOON + HOUR, None, Send()),
        ({"cool_down_minutes": 10}, None, NOON - 9 * MINUTE, Hold(NOON + MINUTE, COOLING)),
        ({"cool_down_minutes": 10}, None, NOON - 10 * MINUTE, Send()),
        ({"cool_down_minutes": 0}, None, NOON, Send()),
        ({"cool_down_minutes": 10}, NOON + HOUR, NOON, Hold(NOON + HOUR, QUIET)),
    ],
)
def test_one_message_about_a_clock(terms, opens, last, judged):
    assert about_one_clock(read(terms), now=NOON, opens_at=opens, last_at=last) == judged


@pytest.mark.parametrize(
    ("ready", "sent", "digest", "judged"),
    [
        (20, 0, None, Send()),
        (21, 0, None, Send(as_one=True)),
        (1, 19, None, Send()),
        (1, 20, None, Hold(NOON - 4 * MINUTE + WINDOW, STORMING)),
        (16, 5, None, Send(as_one=True)),
        (20, 1, NOON - MINUTE, Hold(NOON - MINUTE + WINDOW, STORMING)),
        (5, 1, NOON - MINUTE, Send()),
    ],
)
def test_many_messages_to_one_person_in_five_minutes(ready, sent, digest, judged):
    """R17."""
    moments = [NOON - 4 * MINUTE + n * timedelta(seconds=1) for n in range(sent)]

    assert to_one_person(ready, now=NOON, sent=moments, digest_at=digest) == judged
