"""A book of clocks without a database: a contract with one promise a kind, and journal rows as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sla.engine.book import Book
from sla.engine.effort import Effort
from sla.engine.entry import Choice, Entry, Hours
from sla.engine.reading import Cycle, Place
from sla.engine.table import Kind
from tests.sla.hours import HOUR, always, moment, office

LEAD, HANDOFF, QUALIFICATION, FOLLOWED = 1, 10, 100, 9
TEAM, OTHER_TEAM, REP, OTHER_REP = 50, 51, 7, 8
HOURS = {TEAM: Hours(500, always()), OTHER_TEAM: Hours(501, office())}
numbers = count(1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A journal row."""

    kind: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    handoff_id: int | None = HANDOFF
    qualification_id: int | None = None
    lead_id: int = LEAD
    actor_id: int | None = REP
    implied: bool = False
    historic: bool = False
    recorded_at: datetime = LATER
    pk: int = field(default_factory=lambda: next(numbers))


class OnePromiseEach:
    """The same promise for every kind: a hundred hours unless said otherwise, none for the kinds left out."""

    def __init__(self, target=100 * HOUR, effort=Effort(2), restarts=False, without=()):  # noqa: B008
        self.target, self.effort, self.restarts, self.without = target, effort, restarts, without

    def choose(self, wanted):
        if wanted.kind in self.without:
            return None
        hours = HOURS.get(wanted.place.team, HOURS[TEAM])
        return Choice(1, hours, self.target, effort=self.effort, restarts=self.restarts)

    def hours(self, entry, event, team):
        return HOURS.get(team, HOURS[TEAM])


def make_cycle(**fields: Any) -> Cycle:
    return Cycle(QUALIFICATION, place=Place(TEAM, REP), setter=Place(TEAM, REP), **fields)


def make_book(*rows: Row, chooser: Any = None, cycle: Cycle | None = None) -> Book:
    book = Book([], {HANDOFF: cycle or make_cycle()}, chooser or OnePromiseEach())
    for row in rows:
        book.apply(row)
    return book


def happens(kind: str, at: str = "mon 09:00", **data: Any) -> Row:
    if kind == "mql":
        return Row(kind, moment(at), data, handoff_id=None, qualification_id=QUALIFICATION)
    if kind in ("set_aside", "merged", "anonymised"):
        return Row(kind, moment(at), data, handoff_id=None)
    if kind == "offered":
        data = {"team": TEAM, "person": REP} | data
    return Row(kind, moment(at), data)


def clock(book: Book, kind: str, round: int | None = None) -> Entry | None:  # noqa: A002
    """The newest of its kind, or that of a round."""
    found = [entry for entry in book.entries() if entry.kind is Kind(kind)]
    found = [entry for entry in found if round in (None, entry.round)]
    return found[-1] if found else None
