"""How hours and dates are written in a calendar: `HH:MM` ranges, ISO dates, `mon` to `sun`."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from calendars.engine.instants import DAY, SECOND
from calendars.engine.wall_line import Ranges

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MINUTE = 60 * SECOND


def read_week(value: object) -> tuple[Ranges, ...]:
    """Seven days from Monday; a weekday that is not named is closed."""
    hours = _object(value, "hours")
    if unknown := hours.keys() - set(WEEKDAYS):
        raise ValueError(f"hours must use mon to sun, not {', '.join(sorted(map(str, unknown)))}.")
    return tuple(_disjoint(read_ranges(hours.get(weekday, [])), weekday) for weekday in WEEKDAYS)


def read_dated(value: object, label: str, may_overlap: bool = False) -> tuple[tuple[date, Ranges], ...]:
    dated = {read_date(on): read_ranges(ranges) for on, ranges in _object(value, label).items()}
    if not may_overlap:
        for on, ranges in dated.items():
            _disjoint(ranges, f"{label} of {on}")
    return tuple(sorted(dated.items()))


def read_dates(value: object) -> tuple[date, ...]:
    return tuple(sorted({read_date(on) for on in _list(value, "holidays")}))


def read_date(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError(f"A date is written 2026-12-25, not {value!r}.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"There is no day {value}.") from error


def read_ranges(value: object) -> Ranges:
    return tuple(sorted(_read_range(pair) for pair in _list(value, "ranges")))


def write_ranges(ranges: Ranges) -> list[list[str]]:
    return [[_write_time(start), _write_time(end)] for start, end in ranges]


def _read_range(value: object) -> tuple[int, int]:
    edges = _list(value, "a range")
    if len(edges) != 2:
        raise ValueError(f"A range has a start and an end, {value!r} has not.")
    start, end = map(_read_time, edges)
    if start >= end:
        raise ValueError(f"A range must end after it starts, {edges[0]} to {edges[1]} does not.")
    return start, end


def _read_time(value: object) -> int:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError(f"A time is written 09:00, from 00:00 to 24:00, not {value!r}.")
    return (int(value[:2]) * 60 + int(value[3:])) * _MINUTE


def _write_time(value: int) -> str:
    return f"{value // _MINUTE // 60:02}:{value // _MINUTE % 60:02}" if value < DAY else "24:00"


def _disjoint(ranges: Ranges, label: str) -> Ranges:
    for (_, end), (start, _) in pairwise(ranges):
        if start < end:
            raise ValueError(f"The ranges of {label} overlap at {_write_time(start)}.")
    return ranges


def _object(value: object, label: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{label} must be an object.")
    return value


def _list(value: object, label: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{label} must be a list.")
    return value
