"""The days of a calendar that differ from its week, one by one, and back into its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from calendars.engine.closures import BY_HAND, ClosedDay

Windows = tuple[tuple[str, str], ...]


class DayKind(StrEnum):
    CLOSED = "closed"  # as a whole
    BREAK = "break"  # closed within its windows
    SHIFT = "shift"  # open within its windows, instead of the hours of its weekday


@dataclass(frozen=True, slots=True)
class DatedDay:
    """One day: what differs, when, what people call it and where that comes from, if that is known."""

    on: date
    kind: DayKind
    windows: Windows = ()
    name: str = ""
    source: str = ""


def dated_days(rules: Mapping[str, Any], known: Mapping[date, ClosedDay]) -> list[DatedDay]:
    """All of them by date. A shift without windows is a closed day."""
    named = {on.isoformat(): (day.name, day.source) for on, day in known.items()}
    days = [_day(on, DayKind.CLOSED, (), named) for on in rules.get("holidays", [])]
    for on, windows in rules.get("shifts", {}).items():
        days.append(_day(on, DayKind.SHIFT if windows else DayKind.CLOSED, windows, named))
    days += [_day(on, DayKind.BREAK, windows, named) for on, windows in rules.get("breaks", {}).items()]
    return sorted(days, key=lambda day: day.on)


def with_days(rules: Mapping[str, Any], days: Iterable[DatedDay]) -> dict[str, Any]:
    """The week of `rules` with these days and no others; several entries of one day add up."""
    written: dict[DayKind, dict[str, list[list[str]]]] = {kind: {} for kind in DayKind}
    for day in days:
        entry = written[day.kind].setdefault(day.on.isoformat(), [])
        entry.extend([start, end] for start, end in day.windows)
    return {
        "tz": rules["tz"], "hours": rules["hours"], "holidays": sorted(written[DayKind.CLOSED]),
        "shifts": written[DayKind.SHIFT], "breaks": written[DayKind.BREAK],
    }  # fmt: skip


def _day(on: str, kind: DayKind, windows: Iterable[Iterable[str]], named: Mapping[str, Any]) -> DatedDay:
    name, source = named.get(on, ("", BY_HAND))
    edges = tuple((start, end) for start, end in windows)
    return DatedDay(date.fromisoformat(on), kind, edges, name, source)
