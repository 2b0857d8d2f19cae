"""Working hours on an endless local clock that knows no offset changes; the zone is applied elsewhere."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property
from itertools import accumulate

from calendars.engine.instants import DAY

# Within a day, [from, to) in microseconds after midnight, in order, none overlapping.
Ranges = tuple[tuple[int, int], ...]


class WallLine:
    """Readings of a wall clock, in microseconds since 0001-01-01 00:00, of which some are open.

    `worked` counts the open time before a reading; `reach` and `leave` are its two inverses. All three
    cost the logarithm of the number of exceptions, however long the span is.
    """

    def __init__(self, week: tuple[Ranges, ...], exceptions: Mapping[int, Ranges]) -> None:
        self._week = week
        self._exceptions = exceptions
        self._before_weekday = tuple(accumulate(map(_length, week), initial=0))
        self._days = sorted(exceptions)
        differences = (_length(exceptions[day]) - _length(week[day % 7]) for day in self._days)
        self._differences = tuple(accumulate(differences, initial=0))

    def ranges_on(self, day: int) -> Ranges:
        """Day 0 is 0001-01-01, which was a Monday."""
        return self._exceptions.get(day, self._week[day % 7])

    def is_open(self, reading: int) -> bool:
        day, time = divmod(reading, DAY)
        return any(start <= time < end for start, end in self.ranges_on(day))

    def worked(self, reading: int) -> int:
        """Open time before the reading."""
        day, time = divmod(reading, DAY)
        return self._worked_before(day) + sum(
            min(time, end) - start for start, end in self.ranges_on(day) if start < time
        )

    def reach(self, total: int, after: int, until: int) -> int:
        """The earliest reading in (after, until] before which `total` was worked."""
        days = range(after // DAY, until // DAY + 1)
        day = days[bisect_left(days, total, key=self._worked_through)]
        rest = total - self._worked_before(day)
        for start, end in self.ranges_on(day):
            if rest <= end - start:
                return day * DAY + start + rest
            rest -= end - start
        raise AssertionError("The total is not reached before the limit.")

    def leave(self, total: int, after: int, until: int) -> int:
        """The latest reading in [after, until) before which no more than `total` was worked."""
        days = range(after // DAY, until // DAY + 1)
        day = days[bisect_right(days, total, key=self._worked_through)]
        rest = total - self._worked_before(day)
        for start, end in self.ranges_on(day):
            if rest < end - start:
                return day * DAY + start + rest
            rest -= end - start
        raise AssertionError("The total is not passed before the limit.")

    @cached_property
    def complement(self) -> "WallLine":
        """The line that is open when this one is closed."""
        return WallLine(
            tuple(_gaps(ranges) for ranges in self._week),
            {day: _gaps(ranges) for day, ranges in self._exceptions.items()},
        )

    def _worked_before(self, day: int) -> int:
        weeks, weekday = divmod(day, 7)
        regular = weeks * self._before_weekday[7] + self._before_weekday[weekday]
        return regular + self._differences[bisect_left(self._days, day)]

    def _worked_through(self, day: int) -> int:
        return self._worked_before(day + 1)


def merged(ranges: Ranges) -> Ranges:
    """In order, with what overlaps or touches made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without(ranges: Ranges, removed: Ranges) -> Ranges:
    kept = _gaps(merged(removed))
    return tuple(
        (max(start, free_start), min(end, free_end))
        for start, end in ranges
        for free_start, free_end in kept
        if max(start, free_start) < min(end, free_end)
    )


def _gaps(ranges: Ranges) -> Ranges:
    edges = (0, *(edge for pair in ranges for edge in pair), DAY)
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((start, end) for start, end in pairs if start < end)


def _length(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)
