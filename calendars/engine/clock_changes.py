"""The nights on which the local clock of a zone is set forward or back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from calendars.engine.instants import TEN_YEARS, micros, moment
from calendars.engine.zones import stretches_from


@dataclass(frozen=True, slots=True)
class ClockChange:
    """At the instant `at` the wall clock jumps from `before` to `after`, both naive local readings."""

    at: datetime
    before: datetime
    after: datetime


def clock_changes(tz: str, since: datetime) -> Iterator[ClockChange]:
    """From `since` on, for ten years."""
    start = micros(since)
    offset = None
    for stretch in stretches_from(tz, start):
        if stretch.start > start + TEN_YEARS:
            return
        if offset is not None and stretch.offset != offset:
            before, after = (
                moment(stretch.start + shift).replace(tzinfo=None) for shift in (offset, stretch.offset)
            )
            yield ClockChange(moment(stretch.start), before, after)
        offset = stretch.offset
