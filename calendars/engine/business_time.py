"""Business time: when a promise is due, how much working time passed, when work begins again.

A moment is open if and only if the local clock then shows a time within the hours, on either side of a
daylight saving change and in a repeated hour too. Spans may be of any length; only closed time is limited.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from calendars.engine.calendar import BusinessCalendar
from calendars.engine.instants import DAY, LAST, TEN_YEARS, micros, moment, span_micros
from calendars.engine.wall_line import WallLine
from calendars.engine.zones import offset_at, stretches_back_from, stretches_from

__all__ = [
    "BusinessCalendar",
    "Closure",
    "NeverOpensError",
    "SkippedDay",
    "add_business_time",
    "business_time_between",
    "is_open",
    "next_closing",
    "next_opening",
    "open_intervals",
    "skipped_days",
    "subtract_business_time",
]

PAST_THE_LAST_YEAR = "The working time does not end before the year 10000."
BEFORE_THE_FIRST_YEAR = "The working time does not begin after the year 1."


class NeverOpensError(ValueError):
    """There is no open time for ten years (domain section 5, rule 5), or too little before the calendar's last year:
    nothing can be due.
    """

    def __init__(
        self, why: str = "The calendar has no open time for ten years, so nothing can be due."
    ) -> None:
        super().__init__(why)


class Closure(StrEnum):
    """Why nothing is open on a day."""

    HOLIDAY = "holiday"
    BREAK = "break"
    NO_HOURS = "no_hours"


@dataclass(frozen=True)
class SkippedDay:
    on: date
    reason: Closure


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """Open at the opening instant, closed at the closing one."""
    return _is_open(calendar, micros(at))


def business_time_between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Working time in [start, end); zero when they are reversed."""
    begin, finish = micros(start), micros(end)
    line, total = calendar.line, 0
    for stretch in stretches_from(calendar.tz, begin):
        if stretch.start >= finish:
            break
        wall_end = min(stretch.end, finish) + stretch.offset
        total += line.worked(wall_end) - line.worked(stretch.wall_start)
    return timedelta(microseconds=total)


def add_business_time(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """The first moment at which `amount` of working time has passed since `start`; a closing edge counts."""
    begin, left = micros(start), _not_negative(amount)
    if not left:
        return start.astimezone(UTC)
    if left > LAST - begin:
        raise NeverOpensError(PAST_THE_LAST_YEAR)
    line, last_open = calendar.line, begin
    for stretch in stretches_from(calendar.tz, begin):
        before, after = line.worked(stretch.wall_start), line.worked(stretch.wall_end)
        if before == after:
            _refuse_long_closure(last_open, stretch.end)
            continue
        wall = (stretch.wall_start, stretch.wall_end)
        _refuse_long_closure(last_open, line.leave(before, *wall) - stretch.offset)
        if left <= after - before:
            return moment(line.reach(before + left, *wall) - stretch.offset)
        left -= after - before
        last_open = line.reach(after, *wall) - stretch.offset
    raise NeverOpensError(PAST_THE_LAST_YEAR)


def subtract_business_time(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """The latest moment with `amount` of working time from it until `start`.

    Of zero: `start` where that is open or a closing edge, else the last closing edge before it.
    """
    begin, left = micros(start), _not_negative(amount)
    if not left and _is_open(calendar, begin):
        return start.astimezone(UTC)
    if left > begin:
        raise ValueError(BEFORE_THE_FIRST_YEAR)
    line, first_open = calendar.line, begin
    for stretch in stretches_back_from(calendar.tz, begin):
        before, after = line.worked(stretch.wall_start), line.worked(stretch.wall_end)
        if before == after:
            _refuse_long_closure(stretch.start, first_open)
            continue
        wall = (stretch.wall_start, stretch.wall_end)
        closing = line.reach(after, *wall) - stretch.offset
        _refuse_long_closure(closing, first_open)
        if not left:
            return moment(closing)
        if left <= after - before:
            return moment(line.leave(after - left, *wall) - stretch.offset)
        left -= after - before
        first_open = line.leave(before, *wall) - stretch.offset
    raise ValueError(BEFORE_THE_FIRST_YEAR)


def next_opening(calendar: BusinessCalendar, at: datetime) -> datetime | None:
    """The first open moment at or after `at`; None if there is none within ten years."""
    instant = micros(at)
    opening = _first(calendar.line, calendar.tz, instant, instant + TEN_YEARS)
    return None if opening is None else moment(opening)


def next_closing(calendar: BusinessCalendar, at: datetime) -> datetime | None:
    """The end of the open time that `at` lies in, or else of the next; None if none ends within ten years."""
    opening = next_opening(calendar, at)
    if opening is None:
        return None
    instant = micros(opening)
    closing = _first(calendar.line.complement, calendar.tz, instant, instant + TEN_YEARS)
    return None if closing is None else moment(closing)


def open_intervals(
    calendar: BusinessCalendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Open time within [start, end) as [from, to) in order; what touches, over midnight too, is one."""
    at, finish = micros(start), micros(end)
    while (opening := _first(calendar.line, calendar.tz, at, finish)) is not None:
        closing = _first(calendar.line.complement, calendar.tz, opening, finish)
        at = finish if closing is None else closing
        yield moment(opening), moment(at)


def skipped_days(calendar: BusinessCalendar, start: datetime, end: datetime) -> Iterator[SkippedDay]:
    """Local days touched by [start, end) on which nothing is open, each with its reason."""
    begin, finish = micros(start), micros(end)
    if begin >= finish:
        return
    first_day = (begin + offset_at(calendar.tz, begin)) // DAY
    last_day = (finish - 1 + offset_at(calendar.tz, finish - 1)) // DAY
    holidays = frozenset(calendar.holidays)
    for day in range(first_day, last_day + 1):
        if not calendar.line.ranges_on(day):
            on = date.fromordinal(day + 1)
            planned = calendar.planned_on(on)
            otherwise = Closure.BREAK if planned else Closure.NO_HOURS
            yield SkippedDay(on, Closure.HOLIDAY if on in holidays else otherwise)


def _first(line: WallLine, tz: str, start: int, end: int) -> int | None:
    """The first instant in [start, end) at which the line is open."""
    for stretch in stretches_from(tz, start):
        if stretch.start >= end:
            break
        wall_end = min(stretch.end, end) + stretch.offset
        worked = line.worked(stretch.wall_start)
        if worked < line.worked(wall_end):
            return line.leave(worked, stretch.wall_start, wall_end) - stretch.offset
    return None


def _is_open(calendar: BusinessCalendar, instant: int) -> bool:
    return calendar.line.is_open(instant + offset_at(calendar.tz, instant))


def _not_negative(amount: timedelta) -> int:
    if amount < timedelta():
        raise ValueError("An amount of business time cannot be negative.")
    return span_micros(amount)


def _refuse_long_closure(start: int, end: int) -> None:
    if end - start > TEN_YEARS:
        raise NeverOpensError
