"""A recompute of one clock: other hours for what it ran, or another promise for what is left (rules 9 and 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla.engine.clock import ClockState, Status, overdue
from sla.engine.entry import Choice, Entry, Hours
from sla.engine.trail import Calendars, Leg, Trail, spent, used_up_at


@dataclass(frozen=True, slots=True)
class Correction:
    """These versions of a calendar were wrong; all that ran by them is measured by the right one."""

    wrong: tuple[int, ...]
    right: Hours

    def follow(self, trail: Trail) -> Trail:
        assert self.right.version is not None  # noqa: S101 - all hours are never wrong
        return trail.corrected(self.wrong, self.right.version)


@dataclass(frozen=True, slots=True)
class Change:
    """What one recompute does to one clock. `choice` is what holds afterwards.

    Without a correction the promise changes: what was used stays used by the hours it ran in.
    """

    at: datetime
    choice: Choice
    correction: Correction | None = None

    def follow(self, trail: Trail) -> Trail:
        return (
            self.correction.follow(trail)
            if self.correction
            else trail.moved(self.at, self.choice.hours.version)
        )

    def with_hours(self, known: Calendars) -> Calendars:
        """The calendars that its trails name."""
        named = (self.choice.hours, self.correction.right) if self.correction else (self.choice.hours,)
        return {**known, **{hours.version: hours.calendar for hours in named}}


def recompute(entry: Entry, trail: Trail, change: Change, calendars: Calendars) -> None:
    """Change the entry. Its due moment may then lie in the past: whoever calls decides how that is told."""
    zone = entry.choice.effort.zone  # where its attempts were counted so far
    entry.choice = replace(change.choice, effort=replace(change.choice.effort, zone=zone))
    entry.state = restated(entry.state, change.follow(trail), change, change.with_hours(calendars))


def restated(clock: ClockState, trail: Trail, change: Change, calendars: Calendars) -> ClockState:
    """The clock as this trail and the new promise make it.

    One that stands and had used up its target before it was paused runs again: a pause at or after the due
    moment changes nothing (rule 6).
    """
    opened, target = trail.opened, change.choice.target
    due_at = used_up_at(opened if trail.since else trail.legs, calendars, target)
    percents = tuple(sorted(change.choice.warnings))
    changed = replace(
        clock,
        calendar=change.choice.hours.calendar,
        target=target,
        percents=percents,
        marks=tuple(_reached(opened, calendars, target * percent // 100) for percent in percents),
    )
    if clock.status is Status.PAUSED and not overdue(due_at, change.at):
        return replace(changed, due_at=None, running_since=None, consumed=spent(trail.legs, calendars))
    return replace(
        changed,
        status=Status.RUNNING,
        holds=(),
        due_at=due_at,
        running_since=opened[-1].since,
        consumed=spent(opened[:-1], calendars),
    )


def would_be_due(trail: Trail, calendars: Calendars, target: timedelta) -> datetime:
    """When a clock that was never paused at the end of its trail is due by it."""
    return _reached(trail.opened, calendars, target)


def _reached(opened: Sequence[Leg], calendars: Calendars, amount: timedelta) -> datetime:
    found = used_up_at(opened, calendars, amount)
    assert found is not None  # noqa: S101 - the last leg is open
    return found
