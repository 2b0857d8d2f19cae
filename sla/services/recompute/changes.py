"""What a recompute makes of each clock it concerns. Reads and computes; whoever asks writes it, or only shows it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from calendars.models import CalendarVersion
from sla.engine.clock import Status, overdue
from sla.engine.entry import Entry
from sla.engine.restate import Change, recompute, would_be_due
from sla.engine.trail import Calendars, Trail, trail_of
from sla.models import Clock, ClockEvent, Commitment
from sla.services import rows
from sla.services.hours import ALWAYS, hours_of
from sla.services.recompute.rules import Rule

log = logging.getLogger(__name__)

TURNS = (
    ClockEvent.Kind.CHOSEN, ClockEvent.Kind.PAUSED, ClockEvent.Kind.RESUMED, ClockEvent.Kind.RECOMPUTED,
)  # fmt: skip


class Turn(NamedTuple):
    """One line of a clock's log, as far as its trail reads it."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """An open clock that goes over to something else."""

    entry: Entry
    change: Change
    was_due: datetime | None

    @property
    def is_missed(self) -> bool:
        return overdue(self.entry.state.due_at, self.change.at)


@dataclass(frozen=True, slots=True)
class Excused:
    """A clock that would not have been missed by the right hours, and when it would have been due by them."""

    entry: Entry
    due_at: datetime


@dataclass(slots=True)
class Found:
    """What becomes of a batch of clocks. `late` were due before, and nobody had published it yet."""

    moved: list[Moved] = field(default_factory=list)
    late: list[Entry] = field(default_factory=list)
    excused: list[Excused] = field(default_factory=list)
    skipped: int = 0


class Batch:
    """Clocks as entries, with the trail of each: a fixed number of statements for any number of clocks."""

    def __init__(self, clocks: Sequence[Clock]) -> None:
        self._clocks = clocks
        commitments = Commitment.objects.select_related("version").in_bulk(
            {clock.commitment_id for clock in clocks}
        )
        self.entries = rows.entries_of(clocks, commitments)

    @cached_property
    def lines(self) -> Mapping[int, Sequence[Turn]]:
        """The turns of each clock, in their order."""
        found: defaultdict[int, list[Turn]] = defaultdict(list)
        keys = [clock.pk for clock in self._clocks]
        lines = ClockEvent.objects.filter(clock__in=keys, kind__in=TURNS).order_by("pk")
        for clock, kind, at, data in lines.values_list("clock_id", "kind", "at", "data"):
            found[clock].append(Turn(kind, at, data))
        return found

    @cached_property
    def calendars(self) -> Calendars:
        """The hours of every version that a clock ever counted by."""
        named = {line.data.get(name) for lines in self.lines.values() for line in lines
                 for name in ("calendar_version", "right")}  # fmt: skip
        named |= {clock.calendar_version_id for clock in self._clocks}
        versions = CalendarVersion.objects.in_bulk(named - {None})
        read = {key: hours_of(row).calendar for key, row in versions.items()}
        return {None: ALWAYS.calendar} | read

    def trail(self, entry: Entry) -> Trail:
        return trail_of(entry.state.started_at, self.lines[entry.key])


def judge(batch: Batch, rule: Rule, at: datetime) -> Found:
    """Changes the entries of the batch."""
    found = Found()
    for entry in batch.entries:
        trail = batch.trail(entry)
        if not rule.concerns(trail):
            continue
        try:
            _judge(entry, trail, batch.calendars, rule, found, at)
        except ValueError as error:
            log.error("Clock %s keeps its due moment: %s", entry.pk, error)
            found.skipped += 1
    return found


def _judge(entry: Entry, trail: Trail, calendars: Calendars, rule: Rule, found: Found, at: datetime) -> None:
    if entry.state.status is Status.BREACHED:
        _excuse(entry, trail, calendars, rule, found, at)
    elif entry.state.status is Status.RUNNING and overdue(entry.state.due_at, at):
        found.late.append(entry)  # rule 16: it was missed before this happened
        _excuse(entry, trail, calendars, rule, found, at)
    elif change := rule.change(entry, at):
        was_due = entry.state.due_at
        recompute(entry, trail, change, calendars)
        found.moved.append(Moved(entry, change, was_due))
    else:
        found.skipped += 1


def _excuse(entry: Entry, trail: Trail, calendars: Calendars, rule: Rule, found: Found, at: datetime) -> None:
    """It was missed only because of the wrong hours: by the right ones it was answered in time, or is not due."""
    correction, state = rule.correction, entry.state
    if correction is None:
        return
    known = {**calendars, correction.right.version: correction.right.calendar}
    due_at = would_be_due(correction.follow(trail), known, state.target)
    if not overdue(due_at, state.satisfied_at or state.ended_at or at):
        found.excused.append(Excused(entry, due_at))
