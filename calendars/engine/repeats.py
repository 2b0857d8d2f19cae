"""Events that come back every year (RRULE), followed no further than they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event
from icalendar.prop import vDDDLists, vRecur

READ = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
EARLIEST = date(1900, 1, 1)  # from the first year on, every day of every year would be walked
UNREAD = "Its repeat cannot be read."
OFTEN = "It repeats {}; write that as opening hours."


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
    parts = {key: value for key, value in rule.items() if key != "UNTIL"}
    until = min(_until(rule, last), last)
    try:
        written = vRecur(parts).to_ical().decode()  # type: ignore[no-untyped-call]
        followed = rrulestr(written, dtstart=_midnight(start))
        found = followed.between(_midnight(max(first, start)), _midnight(until), inc=True)
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise MisreadRepeat(UNREAD) from error
    return [at.date() for at in found]


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


def _until(rule: Any, last: date) -> date:
    said = rule.get("UNTIL", [last])[0]
    return said.date() if isinstance(said, datetime) else said if isinstance(said, date) else last


def _listed(event: Event, name: str) -> Iterable[date]:
    """Whole days of EXDATE or RDATE, which may stand there several times."""
    said = event.get(name, [])
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, vDDDLists):
            yield from (each.dt for each in one.dts if type(each.dt) is date)


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day)  # noqa: DTZ001 - days, not moments
