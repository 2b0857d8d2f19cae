"""How far a miss has climbed its ladder, in words: what was done, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from definitions.engine.shapes import CriteriaError
from sla.engine import ladder
from sla.engine.ladder import Do, Rung
from sla.models import Breach, Clock, Escalation
from sla.queries.faces import calendar_of
from sla.queries.reasons import spoken
from sla.queries.rungs import ROLES

DONE = {
    Do.TAKEOVER: "Opened to the team",
    Do.REASSIGN: "Given to the next person",
    Do.POOL: "Put back into the pool",
}
NOT_DONE = {Do.TAKEOVER: "Not opened to the team", Do.REASSIGN: "Not given to anybody else",
            Do.POOL: "Not put back into the pool"}  # fmt: skip
COMING = {Do.TAKEOVER: "open to the team", Do.REASSIGN: "to the next person", Do.POOL: "back to the pool"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """One rung that will be climbed unless the answer comes first; `after`: business time since the miss."""

    at: datetime
    words: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class ClimbedFace:
    """Where one miss stands on its ladder. `error`: why nobody can say."""

    reached: int
    of: int
    last: str
    next: Ahead | None
    error: str = ""


def said_of(data: Mapping[str, Any]) -> str:
    """A line of the clock's log about a rung."""
    do, done = Do(data.get("do", Do.NOTIFY)), data.get("done", True)
    if do is Do.NOTIFY:
        words = f"Told {ROLES.get(str(data.get('to', '')), 'someone')}"
    else:
        words = (DONE if done else NOT_DONE)[do]
    return f"{words}, silently: a later step was due too" if data.get("silent") else words


def ahead_of(clock: Clock) -> tuple[Ahead, ...]:
    """The rungs to come of a clock whose `breach` is read; none once it has ended, or where the ladder is parked."""
    breach = getattr(clock, "breach", None)
    if breach is None or breach.rung_at is None or breach.ladder_error or clock.ended_at is not None:
        return ()
    return tuple(
        Ahead(at, _coming(rung), rung.after)
        for rung, at in _instants(breach, clock)
        if rung.number > breach.rungs
    )


def face_of_ladder(breach: Breach, climbed: Iterable[Escalation]) -> ClimbedFace | None:
    """Of a miss with its clock, commitment and hours read; None for a promise without a ladder."""
    rows, clock = list(climbed), breach.clock
    if breach.ladder_error:
        return ClimbedFace(breach.rungs, 0, "", None, breach.ladder_error)
    try:
        rungs = ladder.read(clock.commitment.ladder, kind=clock.kind)
    except CriteriaError:
        return None
    if not rungs or (not rows and breach.rung_at is None):
        return None
    clock.breach = breach
    last = _row_words(rows[-1]) if rows else ""
    return ClimbedFace(len(rows), len(rungs), last, next(iter(ahead_of(clock)), None))


def sentence_of(rows: Iterable[Escalation], ahead: Iterable[Ahead]) -> str:
    """ "Told the sales manager Tue 11:00. Next: back to the pool Tue 14:00." """
    said = [f"{_row_words(row)} {spoken(row.at)}." for row in rows]
    coming = next(iter(ahead), None)
    return " ".join([*said, *([f"Next: {coming.words} {spoken(coming.at)}."] if coming else [])])


def _row_words(row: Escalation) -> str:
    words = said_of({"do": row.do, "to": row.to, "done": row.done})
    return f"Given to {row.person}" if row.person and row.done else words


def _coming(rung: Rung) -> str:
    return f"tell {ROLES[ladder.told(rung)]}" if rung.do is Do.NOTIFY else COMING[rung.do]


def _instants(breach: Breach, clock: Clock) -> list[tuple[Rung, datetime]]:
    try:
        rungs = ladder.read(clock.commitment.ladder, kind=clock.kind)
        times = ladder.instants(rungs, calendar_of(clock.calendar_version), breach.ladder_from)
    except ValueError:  # it will be parked, and says so then
        return []
    return list(zip(rungs, times, strict=True))
