"""Reading closed days from an iCalendar file (RFC 5545): whole days only, whatever else it holds is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from icalendar import Calendar, Event
from icalendar.prop import vBroken

from calendars.engine.closures import FROM_FILE, ClosedDay
from calendars.engine.repeats import MisreadRepeat, days_of_repeat

MAX_BYTES = 1_000_000
MAX_EVENTS = 2_000
MAX_LINES = 40_000
MAX_REPEATS = 60  # each is followed a year at a time, and only until the file closes too many days
MAX_DAYS = 400
MAX_DATES = 500
MAX_WALKED = 20_000  # days of all events together, those that are closed twice or in other years among them
FOLDED = re.compile(r"\r?\n[ \t]")
EXTRA_DATES = re.compile(r"^(?:RDATE|EXDATE)[^\n]*", re.IGNORECASE | re.MULTILINE)
MAX_DEPTH = 4
LONGEST_CLOSURE = 366
ONE_DAY = timedelta(days=1)
UNNAMED = "Holiday"
UNEVEN = "This calendar file is broken: its BEGIN and END lines do not match."


class UnreadableCalendar(ValueError):
    """The file as a whole cannot be taken over; the message is a sentence for people."""


class _Ignored(Exception):
    """This event brings no closed day; the message says why."""


@dataclass(frozen=True, slots=True)
class IgnoredEvent:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileDays:
    """What a file brings within the years asked for: its closed days by date, and the events it was not read for."""

    days: tuple[ClosedDay, ...]
    ignored: tuple[IgnoredEvent, ...]
    outside: int


def read_ics(data: bytes, years: range) -> FileDays:
    """Raises UnreadableCalendar."""
    events = _events(_text(data))
    if sum("RRULE" in event for event in events) > MAX_REPEATS:
        raise UnreadableCalendar(
            f"A list of closed days has up to {MAX_REPEATS} repeating events; this has more."
        )
    moved = {_place(event) for event in events if "RECURRENCE-ID" in event}
    found: dict[date, str] = {}
    ignored: list[IgnoredEvent] = []
    outside, walked = 0, count(1)
    for event in events:
        name, inside = _name(event), False
        try:
            for on in _days(event, years, moved):
                if on.year in years:
                    found.setdefault(on, name)
                    inside = True
                _refuse_many_days(len(found), next(walked))
        except _Ignored as why:
            ignored.append(IgnoredEvent(name, str(why)))
            continue
        outside += not inside
    closed = tuple(ClosedDay(on, name, FROM_FILE) for on, name in sorted(found.items()))
    return FileDays(closed, tuple(ignored), outside)


def _refuse_many_days(closed: int, walked: int) -> None:
    """While they are read: a small file can hold a great many."""
    if closed > MAX_DAYS:
        raise UnreadableCalendar(
            f"This file closes more than {MAX_DAYS} days; up to {MAX_DAYS} can be taken over at once."
        )
    if walked > MAX_WALKED:
        raise UnreadableCalendar(
            f"The events of this file last more than {MAX_WALKED:,} days.".replace(",", " ")
        )


def _place(event: Event) -> tuple[str, date | None]:
    """Which day of which repeating event this one stands instead of."""
    return str(event.get("UID")), _start(event, "RECURRENCE-ID")


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnreadableCalendar("This file is larger than 1 MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableCalendar(
            "This file is not UTF-8 text, which calendar files are. Export it again."
        ) from error
    lines = [line.strip().upper() for line in text.splitlines()]
    if "BEGIN:VCALENDAR" not in lines:
        raise UnreadableCalendar("This is no calendar file: it has no BEGIN:VCALENDAR.")
    if lines.count("BEGIN:VEVENT") > MAX_EVENTS:
        raise UnreadableCalendar(f"This file has more than {MAX_EVENTS:,} events.".replace(",", " "))
    if len(lines) > MAX_LINES:
        raise UnreadableCalendar(f"This file has more than {MAX_LINES:,} lines.".replace(",", " "))
    _refuse_deep(lines)
    _refuse_many_dates(text)
    return text.replace("\x00", "")


def _refuse_many_dates(text: str) -> None:
    """Of all events together: each date may stand for a whole year of days."""
    unfolded = FOLDED.sub("", text)
    if sum(found.group().count(",") + 1 for found in EXTRA_DATES.finditer(unfolded)) > MAX_DATES:
        raise UnreadableCalendar(
            f"A list of closed days has up to {MAX_DATES} extra dates and dates left out."
        )


def _refuse_deep(lines: list[str]) -> None:
    depth = 0
    for line in lines:
        depth += line.startswith("BEGIN:") - line.startswith("END:")
        if not 0 <= depth <= MAX_DEPTH:
            raise UnreadableCalendar(UNEVEN)
    if depth:
        raise UnreadableCalendar(UNEVEN)


def _events(text: str) -> list[Event]:
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        return [
            event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)
        ]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnreadableCalendar(
            "This calendar file is broken and cannot be read. Export it again."
        ) from error


def _days(event: Event, years: range, moved: set[tuple[str, date | None]]) -> Iterator[date]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise _Ignored("It is cancelled.")
    start = _start(event, "DTSTART")
    if start is None:
        raise _Ignored(_why_no_day(event))
    length = _length(event, start)
    uid = str(event.get("UID"))
    for first in _starts(event, start, years, length):
        if "RECURRENCE-ID" not in event and "RRULE" in event and (uid, first) in moved:
            continue
        yield from (
            first + ONE_DAY * number for number in range(length) if first <= date.max - ONE_DAY * number
        )


def _starts(event: Event, start: date, years: range, length: int) -> list[date]:
    if "RRULE" not in event and "RDATE" not in event:
        return [start]
    first, last = date(years[0], 1, 1) - timedelta(days=length), date(years[-1], 12, 31)
    try:
        return days_of_repeat(event, start, first, last)
    except MisreadRepeat as why:
        raise _Ignored(str(why)) from why


def _start(event: Event, name: str) -> date | None:
    """The day of a property; None where it is missing, twice there, unreadable, or a time of a day."""
    said = _value(event, name)
    return said if type(said) is date else None


def _value(event: Event, name: str) -> object:
    """What a property says; None where it is missing, twice there or broken."""
    said = event.get(name)
    return None if isinstance(said, vBroken) else getattr(said, "dt", None)


def _why_no_day(event: Event) -> str:
    if _value(event, "DTSTART") is not None:
        return "It has a time of day; only whole days are taken over."
    return "It has no date that can be read."


def _length(event: Event, start: date) -> int:
    """Days. The end of an all-day event is the first day after it; without an end it lasts one day."""
    end, lasts = _start(event, "DTEND"), _value(event, "DURATION")
    length = (end - start).days if end else lasts.days if isinstance(lasts, timedelta) else 1
    if length > LONGEST_CLOSURE:
        raise _Ignored("It lasts longer than a year.")
    return max(length, 1)


def _name(event: Event) -> str:
    said = event.get("SUMMARY", "")
    words = " ".join(str(said[0] if isinstance(said, list) else said).split())
    return words[:120] or UNNAMED
