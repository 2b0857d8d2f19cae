"""The ladder after a miss: its rungs, their instants in business time, and which of them are due."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from calendars.engine.business_time import BusinessCalendar, add_business_time
from definitions.engine.shapes import CriteriaError, check_object, each

Json = Any
MOST_RUNGS = 8
MOST_HOURS = 10_000
AFTER = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?([mh])", re.ASCII)
ROLES = ("holder", "team", "sales_manager", "marketing_manager", "both_managers", "admin")
NEVER_CLAIMED = frozenset({"take"})
ON_HANDOFFS = frozenset(
    {"answer", "first_response", "follow_up", "disposition", "take", "re_response", "meeting"}
)


class Do(StrEnum):
    """What a rung does."""

    NOTIFY = "notify"
    TAKEOVER = "takeover"  # anyone of the team may claim the lead from its holder
    REASSIGN = "reassign"
    POOL = "pool"


MOVES = frozenset({Do.TAKEOVER, Do.REASSIGN, Do.POOL})
# Who is told where a rung names nobody.
TOLD = {Do.TAKEOVER: "team", Do.REASSIGN: "sales_manager", Do.POOL: "sales_manager"}


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: so much business time after the miss it does this, and tells them. Numbers begin with 1."""

    number: int
    after: timedelta
    do: Do
    to: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rung that is due. Of several due at once only the last is told; of several moves only the last is made."""

    rung: Rung
    at: datetime
    silent: bool
    overtaken: bool


def read(said: Json, path: str = "", *, kind: str = "answer") -> tuple[Rung, ...]:
    """The rungs as an agreement file writes them, for a promise of this kind. Raises CriteriaError with its place."""
    rungs = tuple(_numbered(each(said, path, lambda one, place: _rung(one, place, kind))))
    if len(rungs) > MOST_RUNGS:
        raise CriteriaError(path, f"{MOST_RUNGS} steps at most")
    for before, rung in pairwise(rungs):
        if rung.after <= before.after:
            raise CriteriaError(
                f"{path}/{rung.number - 1}/after", "each step comes later than the one before"
            )
    return rungs


def instants(rungs: Sequence[Rung], calendar: BusinessCalendar, missed_at: datetime) -> tuple[datetime, ...]:
    """When each rung is climbed, in the clock's own hours. Raises ValueError: ten years without opening."""
    return tuple(add_business_time(calendar, missed_at, rung.after) for rung in rungs)


def due(rungs: Sequence[Rung], times: Sequence[datetime], climbed: int, now: datetime) -> tuple[Step, ...]:
    """The rungs whose instant has come, after the first `climbed`, in order."""
    ripe = [(rung, at) for rung, at in zip(rungs, times, strict=True) if rung.number > climbed and at <= now]
    last = ripe[-1][0].number if ripe else 0
    last_move = max((rung.number for rung, _ in ripe if rung.do in MOVES), default=0)
    return tuple(
        Step(rung, at, silent=rung.number < last, overtaken=rung.do in MOVES and rung.number < last_move)
        for rung, at in ripe
    )


def next_at(times: Sequence[datetime], climbed: int) -> datetime | None:
    """When the rung after the first `climbed` is due; None at the top."""
    return times[climbed] if climbed < len(times) else None


def told(rung: Rung) -> str:
    """The role that hears of it."""
    return rung.to or TOLD.get(rung.do, "sales_manager")


def _numbered(rungs: Sequence[Rung]) -> list[Rung]:
    return [Rung(number, one.after, one.do, one.to) for number, one in enumerate(rungs, start=1)]


def _rung(said: Json, path: str, kind: str) -> Rung:
    check_object(said, path, required=set(), optional={"after", "after_hours", "do", "to"})
    do = Do(_one_of(said.get("do", Do.NOTIFY.value), f"{path}/do", [one.value for one in Do]))
    to = said.get("to", "")
    if do is Do.NOTIFY or to:
        _one_of(to, f"{path}/to", list(ROLES))
    if do in MOVES and kind not in ON_HANDOFFS:
        raise CriteriaError(f"{path}/do", "nobody in sales holds what this promise is about: only notify")
    if do is Do.TAKEOVER and kind in NEVER_CLAIMED:
        raise CriteriaError(f"{path}/do", "a passed lead is taken, not claimed: reassign or pool")
    return Rung(0, _after(said, path), do, to)


def _after(said: Mapping[str, Json], path: str) -> timedelta:
    if ("after" in said) == ("after_hours" in said):
        raise CriteriaError(f"{path}/after", "one of after, such as 90m or 4h, and after_hours is wanted")
    if "after" in said:
        place, hours = f"{path}/after", _hours_written(said["after"])
    else:
        place, hours = f"{path}/after_hours", _hours(said["after_hours"])
    if hours is None or not 0 < hours <= MOST_HOURS:
        raise CriteriaError(place, f"business time above zero, up to {MOST_HOURS} h, such as 90m or 4h")
    return timedelta(hours=hours)


def _hours_written(said: Json) -> float | None:
    found = AFTER.fullmatch(said) if isinstance(said, str) else None
    return float(found[1]) / (60 if found[2] == "m" else 1) if found else None


def _hours(said: Json) -> float | None:
    known = isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)
    return float(said) if known else None


def _one_of(said: Json, path: str, known: list[str]) -> str:
    if not isinstance(said, str) or said not in known:
        raise CriteriaError(path, f"one of {', '.join(known)} is wanted")
    return said
