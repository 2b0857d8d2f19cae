"""Events that come back every year (RRULE), followed no further than they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event
from icalendar.prop import vDDDLists, vRecur

READ = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
EARLIEST = date(1900, 1, 1)  # from the first year on, every day of every year would be walked
UNREAD = "Its repeat cannot be read."
OFTEN = "It repeats {}; write that as opening hours."
MOST_TIMES = 1_000  # a rule with a COUNT is followed from its beginning
ONCE = 10_000  # years until the next turn: more than there are, so a rule that never holds ends at once


class MisreadRepeat(ValueError):
    """This repeat is not followed; the message says why."""


def days_of_repeat(event: Event, start: date, first: date, last: date) -> list[date]:
    """The days on which it begins within [first, last], without those it leaves out. Raises MisreadRepeat."""
    begins = {start} | set(_listed(event, "RDATE"))
    if "RRULE" in event:
        begins |= set(_of_rule(event["RRULE"], start, first, last))
    left_out = set(_listed(event, "EXDATE"))
    return sorted(on for on in begins - left_out if first <= on <= last)


def _of_rule(rule: Any, start: date, first: date, last: date) -> Iterable[date]:
    if not isinstance(rule, vRecur):
        raise MisreadRepeat("It repeats by two rules." if isinstance(rule, list) else UNREAD)
    _refuse_unread(rule, start)
    try:
        until, count = min(_until(rule, last), last), rule.get("COUNT", [None])[0]
        years = years_of(rule, start, start if count else max(first, start), until)
        begins = (on for year in years for on in _in_year(rule, start, year) if start <= on <= until)
        return [on for on in islice(begins, count) if first <= on]
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise MisreadRepeat(UNREAD) from error


def years_of(rule: Any, start: date, first: date, last: date) -> range:
    """The years within [first, last] in which it has a turn."""
    every = rule.get("INTERVAL", [1])[0]
    skipped = -(-(first.year - start.year) // every) * every
    return range(start.year + skipped, last.year + 1, every)


def _in_year(rule: Any, start: date, year: int) -> Iterable[date]:
    """A year at a time: the library looks for the next day of a rule that never holds until the year 9999."""
    parts = {key: value for key, value in rule.items() if key not in {"UNTIL", "COUNT", "INTERVAL"}}
    if not parts.keys() & {"BYMONTHDAY", "BYDAY"}:
        parts = {"BYMONTH": [start.month], **parts, "BYMONTHDAY": [start.day]}
    written = vRecur(parts | {"INTERVAL": [ONCE]}).to_ical().decode()  # type: ignore[no-untyped-call]
    return (at.date() for at in rrulestr(written, dtstart=datetime(year, 1, 1)))  # noqa: DTZ001 - days, not moments


def _refuse_unread(rule: Any, start: date) -> None:
    often = str(rule.get("FREQ", [""])[0]).upper()
    if often != "YEARLY":
        raise MisreadRepeat(OFTEN.format(often.lower() or "without saying how often"))
    if unread := sorted({key.upper() for key in rule} - READ):
        raise MisreadRepeat(f"It repeats by {' and '.join(unread)}, which is not read.")
    if start < EARLIEST:
        raise MisreadRepeat("It repeats since before 1900.")
    if any(not isinstance(step, int) or step < 1 for step in rule.get("INTERVAL", [1])):
        raise MisreadRepeat(UNREAD)
    if any(not isinstance(times, int) or times < 1 for times in rule.get("COUNT", [1])):
        raise MisreadRepeat(UNREAD)
    if rule.get("COUNT", [1])[0] > MOST_TIMES:
        raise MisreadRepeat(f"It repeats more than {MOST_TIMES:,} times.".replace(",", " "))


def _until(rule: Any, last: date) -> date:
    said = rule.get("UNTIL", [last])[0]
    return said.date() if isinstance(said, datetime) else said if isinstance(said, date) else last


def _listed(event: Event, name: str) -> Iterable[date]:
    """Whole days of EXDATE or RDATE, which may stand there several times."""
    said = event.get(name, [])
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, vDDDLists):
            yield from (each.dt for each in one.dts if type(each.dt) is date)
