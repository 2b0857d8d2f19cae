"""What stands in the book of clocks: an entry per clock, its choice, its log lines and its miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from calendars.engine.business_time import BusinessCalendar
from sla.engine import clock as clocks
from sla.engine.clock import ClockState
from sla.engine.effort import Effort
from sla.engine.reading import JournalRow, Place
from sla.engine.table import Kind

ONE_ATTEMPT = Effort()


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that a clock counts by, and the version that says so (None: all hours)."""

    version: int | None
    calendar: BusinessCalendar


@dataclass(frozen=True, slots=True)
class Choice:
    """Which commitment applies to a clock that starts, and what follows from it."""

    commitment: int
    hours: Hours
    target: timedelta
    warnings: tuple[int, ...] = ()
    effort: Effort = ONE_ATTEMPT
    counted: bool = True
    restarts: bool = False
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clock that an event would start: of what kind, on what, answered by whom."""

    kind: Kind
    round: int
    event: JournalRow
    qualification: int
    handoff: int | None
    place: Place
    at: datetime


class Chooser(Protocol):
    """Answers what the book cannot know: from the contract, or in a replay from the clocks' own log."""

    def choose(self, wanted: Wanted) -> Choice | None:
        """None: no contract was in force, or none of its commitments matches."""

    def hours(self, entry: Entry, event: JournalRow, team: int | None) -> Hours:
        """The hours a clock counts by once this team answers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a clock's own log."""

    kind: str
    at: datetime
    recorded_at: datetime
    event: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Miss:
    """A breach to be written. A quiet one tells nobody; by recalculation: a recompute put its due moment back."""

    at: datetime
    detected_at: datetime
    place: Place
    historic: bool
    quiet: bool
    by_recalculation: bool = False


@dataclass(slots=True)
class Entry:
    """One clock in the book."""

    lead: int
    handoff: int | None
    qualification: int | None
    kind: Kind
    round: int
    state: ClockState
    choice: Choice
    place: Place
    pk: int | None = None
    applied: int = 0  # the newest journal row that changed it
    historic: bool = False  # started by imported history in this book
    moved: bool = False  # somebody else answers for it now
    lines: list[Line] = field(default_factory=list)
    miss: Miss | None = None

    @property
    def has_changed(self) -> bool:
        return self.moved or bool(self.lines)

    @property
    def key(self) -> int:
        """The primary key of its row, which exists once the book was written."""
        assert self.pk is not None  # noqa: S101 - said above
        return self.pk

    @property
    def subject(self) -> int | None:
        return self.qualification if self.handoff is None else self.handoff

    @property
    def zone(self) -> str:
        """In which its days are meant: that of its hours, unless these are all hours."""
        hours, effort = self.choice.hours, self.choice.effort
        return effort.zone if hours.version is None else hours.calendar.tz

    def note(self, kind: str, event: JournalRow, **data: Any) -> None:
        self.applied = event.pk
        self.lines.append(Line(kind, event.at, event.recorded_at, event.pk, data))

    def breach(
        self,
        detected_at: datetime,
        *,
        historic: bool = False,
        quiet: bool = False,
        by_recalculation: bool = False,
    ) -> None:
        """Dated when it was due; detected now (rule 3). Warnings that nobody recorded are recorded with it (R6)."""
        due_at = self.state.due_at
        assert due_at is not None  # noqa: S101 - only a running clock is breached
        detected_at = max(detected_at, due_at)
        if not historic:  # nobody was there to be warned
            self._pass_warnings(detected_at)
        self.state = clocks.breach(self.state)
        self.miss = Miss(due_at, detected_at, self.place, historic, quiet or historic, by_recalculation)
        self.lines.append(Line("breached", due_at, detected_at, None, {}))

    def _pass_warnings(self, detected_at: datetime) -> None:
        """As the sweep does: each at its own instant, told to nobody any more."""
        state = clocks.marked(self.state)
        for rung, at in enumerate(state.marks[state.warned :], start=state.warned + 1):
            self.lines.append(Line("warned", at, detected_at, None, {"rung": rung, "silent": True}))
        self.state = replace(state, warned=max(state.warned, len(state.marks)))
