"""Time zones, read from the pinned tzdata package alone: the machine's own data never decides a deadline."""

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calendars.engine.instants import DAY, LAST, SECOND, micros, moment, span_micros

# No zone in tzdata changes its offset twice within six days, so looking every sixth day misses no change.
SAMPLING_STEP = 6 * DAY


class Stretch(NamedTuple):
    """A span of instants, [start, end), in which the local clock runs at one offset from UTC."""

    start: int
    end: int
    offset: int

    @property
    def wall_start(self) -> int:
        return self.start + self.offset

    @property
    def wall_end(self) -> int:
        return self.end + self.offset


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1024)
def load_zone(name: str) -> ZoneInfo:
    if name not in zone_names():
        raise ValueError(f"There is no time zone called {name!r}.")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def offset_at(name: str, at: int) -> int:
    # Within a day of the first and last moment Python knows, local time would leave its range.
    inside = min(max(at, DAY), LAST - DAY)
    offset = moment(inside).astimezone(load_zone(name)).utcoffset()
    return span_micros(offset or timedelta())


def stretches_from(name: str, at: int) -> Iterator[Stretch]:
    """Stretches in order of time, the first one cut so that it begins at `at`. None lasts over a year."""
    for year in range(moment(at).year, MAXYEAR + 1):
        for stretch in _stretches_of_year(name, year):
            if stretch.end > at:
                yield stretch._replace(start=max(stretch.start, at))


def stretches_back_from(name: str, at: int) -> Iterator[Stretch]:
    """Stretches backwards in time, the first one cut so that it ends at `at`."""
    for year in range(moment(at).year, MINYEAR - 1, -1):
        for stretch in reversed(_stretches_of_year(name, year)):
            if stretch.start < at:
                yield stretch._replace(end=min(stretch.end, at))


@lru_cache(maxsize=8192)
def _stretches_of_year(name: str, year: int) -> tuple[Stretch, ...]:
    start = micros(datetime(year, 1, 1, tzinfo=UTC))
    end = micros(datetime(year + 1, 1, 1, tzinfo=UTC)) if year < MAXYEAR else LAST
    found = []
    begin, offset = start, offset_at(name, start)
    for before, after in pairwise((*range(start, end, SAMPLING_STEP), end)):
        if offset_at(name, after) != offset:
            change = _first_change(name, before, after)
            found.append(Stretch(begin, change, offset))
            begin, offset = change, offset_at(name, after)
    if begin < end:
        found.append(Stretch(begin, end, offset))
    return tuple(found)


def _first_change(name: str, before: int, after: int) -> int:
    """The second at which the offset changes between two samples that differ."""
    old = offset_at(name, before)
    while after - before > SECOND:
        middle = before + (after - before) // (2 * SECOND) * SECOND
        if offset_at(name, middle) == old:
            before = middle
        else:
            after = middle
    return after


def forget() -> None:
    """Empties the caches, so that the next question reads the zone data anew."""
    for cached in (zone_names, load_zone, _stretches_of_year):
        cached.cache_clear()
