"""Days on which a calendar is closed: what a list of them brings, and how that differs from what is entered."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BY_HAND, FROM_FILE = "hand", "ics"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day closed as a whole. `source` says where it comes from: `hand`, `ics`, or a country and region."""

    on: date
    name: str
    source: str = BY_HAND


class Change(StrEnum):
    """What taking over a list does to one day."""

    ADD = "add"
    RENAME = "rename"
    DROP = "drop"
    SAME = "same"  # there already, under this name
    KEEP = "keep"  # there already under another name, from elsewhere: it stays
    DIFFERS = "differs"  # the calendar has other hours on this day: they stay


@dataclass(frozen=True, slots=True)
class Compared:
    """One day of a list, or one that the list has no more, beside what the calendar says."""

    on: date
    name: str
    change: Change
    known_as: str = ""

    @property
    def changes(self) -> bool:
        return self.change in (Change.ADD, Change.RENAME, Change.DROP)


def compare(
    found: Iterable[ClosedDay],
    known: Mapping[date, ClosedDay],
    *,
    differing: Container[date],
    source: str,
    years: Container[int],
) -> list[Compared]:
    """By date. Only days that came from the same source are renamed or dropped, and only within `years`.

    `differing` are the days with hours of their own.
    """
    listed = {day.on: day for day in found if day.on.year in years}
    compared = [_one(day, known.get(day.on), differing, source) for day in listed.values()]
    gone = (day for day in known.values() if day.source == source and day.on.year in years)
    compared += [Compared(day.on, day.name, Change.DROP, day.name) for day in gone if day.on not in listed]
    return sorted(compared, key=lambda one: one.on)


def _one(day: ClosedDay, known: ClosedDay | None, differing: Container[date], source: str) -> Compared:
    if known is None:
        return Compared(day.on, day.name, Change.DIFFERS if day.on in differing else Change.ADD)
    if known.name == day.name:
        return Compared(day.on, day.name, Change.SAME, known.name)
    ours = known.source == source
    return Compared(day.on, day.name, Change.RENAME if ours else Change.KEEP, known.name)
