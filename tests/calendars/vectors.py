"""The checked answers of `business_time.jsonl.gz`, and how an implementation of business time answers."""

import gzip
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from calendars.engine import business_time
from calendars.engine.business_time import BusinessCalendar

FILE = Path(__file__).with_name("business_time.jsonl.gz")

# Vectors and answers are JSON objects; a calendar is whatever the implementation reads it as.
Vector = dict[str, Any]
Running = list[tuple[datetime, datetime | None]]


@dataclass(frozen=True)
class Implementation:
    """The product, unless a part is replaced."""

    read: Callable[[Vector], Any] = BusinessCalendar.from_dict
    add: Callable[[Any, datetime, timedelta], datetime] = business_time.add_business_time
    subtract: Callable[[Any, datetime, timedelta], datetime] = business_time.subtract_business_time
    between: Callable[[Any, datetime, datetime], timedelta] = business_time.business_time_between
    is_open: Callable[[Any, datetime], bool] = business_time.is_open

    def run(self, calendar: Any, running: Running, budget: timedelta) -> tuple[datetime, list[timedelta]]:
        """When the budget is spent, and what is left at each pause before that."""
        left, pauses = budget, []
        for start, pause in running:
            due = self.add(calendar, start, left)
            if pause is None or due <= pause:
                break
            left -= self.between(calendar, start, pause)
            pauses.append(left)
        return due, pauses

    def switch(
        self, calendars: tuple[Any, Any], moments: tuple[datetime, datetime], budget: timedelta
    ) -> tuple[datetime, timedelta | None]:
        """When the budget is spent, and what was left when the second calendar took over."""
        start, switch_at = moments
        due = self.add(calendars[0], start, budget)
        if due <= switch_at:
            return due, None
        left = budget - self.between(calendars[0], start, switch_at)
        return self.add(calendars[1], switch_at, left), left


@cache
def load() -> tuple[Vector, ...]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def wrong(implementation: Implementation, vectors: Iterable[Vector]) -> list[str]:
    return [vector["id"] for vector in vectors if not is_right(implementation, vector)]


def is_right(implementation: Implementation, vector: Vector) -> bool:
    return ANSWERS[vector["op"]](implementation, implementation.read(vector["calendar"]), vector)


def _add(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    return implementation.add(calendar, at(vector["start"]), minutes(vector)) == at(vector["due_edge"])


def _elapsed(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    elapsed = implementation.between(calendar, at(vector["start"]), at(vector["end"]))
    return elapsed == timedelta(seconds=vector["seconds"])


def _sub(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    return implementation.subtract(calendar, at(vector["start"]), minutes(vector)) == at(vector["result"])


def _open(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    return implementation.is_open(calendar, at(vector["at"])) is vector["open"]


def _clock(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    running = [(at(start), pause and at(pause)) for start, pause in vector["running"]]
    due, left = implementation.run(calendar, running, minutes(vector))
    expected = [timedelta(seconds=seconds) for seconds in vector["left_after_each_pause"]]
    return (due, left) == (at(vector["due_edge"]), expected)


def _switch(implementation: Implementation, calendar: Any, vector: Vector) -> bool:
    calendars = (calendar, implementation.read(vector["calendar_after"]))
    moments = (at(vector["start"]), at(vector["switch_at"]))
    due, left = implementation.switch(calendars, moments, minutes(vector))
    seconds = vector.get("left_at_switch")
    expected = None if seconds is None else timedelta(seconds=seconds)
    return (due, left or None) == (at(vector["due_edge"]), expected or None)


ANSWERS = {"add": _add, "elapsed": _elapsed, "sub": _sub, "open": _open, "clock": _clock, "switch": _switch}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minutes(vector: Vector) -> timedelta:
    return timedelta(minutes=vector["minutes"])


if __name__ == "__main__":
    failures = wrong(Implementation(), load())
    sys.stdout.write(f"{len(load())} vectors, {len(failures)} wrong {failures[:5]}\n")
