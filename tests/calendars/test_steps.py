"""R11: no question to business time runs on for ever, whatever the calendar, the zone and the span (A02, A20, A21)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    next_closing,
    next_opening,
    subtract_business_time,
)
from tests.calendars.steps import steps_of
from tests.calendars.test_properties import laws, situations

DAY, YEAR = timedelta(days=1), timedelta(days=365)
# Lines of the engine. A calendar that opens for a minute a week is read to the year 10000, and with each of its years
# read for the first time that takes 9.4 million. What never ends passes any bound.
MOST = 20_000_000
spans = st.timedeltas(min_value=timedelta(), max_value=10 * YEAR)


def questions(calendar: BusinessCalendar, at: datetime, span: timedelta) -> list[Callable[[], object]]:
    return [
        lambda: add_business_time(calendar, at, span),
        lambda: subtract_business_time(calendar, at, span),
        lambda: business_time_between(calendar, at, at + span),
        lambda: next_opening(calendar, at),
        lambda: next_closing(calendar, at),
    ]


def most_steps(calendar: BusinessCalendar, at: datetime, span: timedelta) -> int:
    return max(steps_of(_answered(ask), MOST) for ask in questions(calendar, at, span))


def _answered(ask: Callable[[], object]) -> Callable[[], None]:
    """That nothing is ever due is an answer, too."""

    def answered() -> None:
        with suppress(ValueError):
            ask()

    return answered


@laws
@given(situations(), spans)
def test_each_question_ends_after_a_bounded_number_of_steps(situation: Any, span: timedelta) -> None:
    calendar, at = situation

    assert most_steps(BusinessCalendar.from_dict(calendar), at, span) <= MOST
