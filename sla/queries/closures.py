"""A list of closed days beside what a calendar says: what comes in, what is there, what goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from calendars.engine.calendar import BusinessCalendar
from calendars.engine.closures import Change, ClosedDay, Compared, compare
from calendars.engine.dated import DayKind
from calendars.models import Calendar
from calendars.queries import business_calendar, current_version, days_of, known_days

# What happens to a day, of one and of several.
WORDS = {
    Change.ADD: ("Comes in", "come in"),
    Change.RENAME: ("Gets this name", "get another name"),
    Change.DROP: ("No longer in the list", "are no longer in the list"),
    Change.SAME: ("There already", "are there already"),
    Change.KEEP: ("There under another name, stays", "stay under another name"),
    Change.DIFFERS: ("Has hours of its own, stays", "keep hours of their own"),
}
NEVER_OPEN = ("No hours on this weekday", "fall on weekdays without hours")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One day: what would happen to it, and whether that is ticked at first."""

    day: Compared
    words: str
    of_several: str
    ticked: bool

    @property
    def value(self) -> str:
        """What the form sends back for it."""
        return f"{self.day.change} {self.day.on} {self.day.name}"


@dataclass(frozen=True, slots=True)
class Found:
    """A list, compared: the days that would change and those that stay as they are."""

    source: str
    rows: tuple[FoundRow, ...]

    @property
    def changing(self) -> int:
        return sum(row.day.changes for row in self.rows)

    @property
    def summary(self) -> str:
        """ "12 come in, 3 are there already"."""
        counts = Counter(row.of_several for row in self.rows)
        return ", ".join(f"{count} {words}" for words, count in counts.most_common())


def found_in(calendar: Calendar, found: Iterable[ClosedDay], source: str, years: range) -> Found:
    version = current_version(calendar)
    hours = business_calendar(version)
    dated = days_of(calendar, version)
    closed = {day.on for day in dated if day.kind is DayKind.CLOSED}
    known = {on: day for on, day in known_days(calendar).items() if on in closed}
    differing = {day.on for day in dated} - closed
    compared = compare(found, known, differing=differing, source=source, years=years)
    return Found(source, tuple(_row(one, hours, source) for one in compared))


def sources_of(calendar: Calendar) -> list[str]:
    """Where its days come from, the most common last."""
    counts = Counter(calendar.holidays.values_list("source", flat=True))
    return [source for source, _ in reversed(counts.most_common())]


def _row(day: Compared, hours: BusinessCalendar, source: str) -> FoundRow:
    """A day without hours anyway, or one that another file of the company may have brought, is not ticked."""
    never_open = day.change is Change.ADD and not hours.planned_on(day.on)
    other_file = day.change is Change.DROP and source == "ics"
    one, several = NEVER_OPEN if never_open else WORDS[day.change]
    return FoundRow(day, one, several, day.changes and not (never_open or other_file))
