"""The kinds of recompute: what a clock goes over to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from calendars.models import CalendarVersion
from sla.engine.entry import Entry
from sla.engine.restate import Change, Correction
from sla.models import Recompute
from sla.services.hours import hours_of
from sla.services.recompute.concerned import earlier_hours


class Rule(Protocol):
    """One kind of recompute."""

    def change(self, entry: Entry, at: datetime) -> Change | None:
        """What an open clock goes over to at this moment; None: it keeps what it has."""

    @property
    def correction(self) -> Correction | None:
        """What missed clocks are measured by once more."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A calendar was wrong: what ran by its earlier versions is measured by this one."""

    correction: Correction

    def change(self, entry: Entry, at: datetime) -> Change:
        choice = entry.choice
        if choice.hours.version in self.correction.wrong:
            choice = replace(choice, hours=self.correction.right)
        return Change(at, choice, self.correction)


def correction_to(version: CalendarVersion) -> Corrected:
    return Corrected(Correction(tuple(earlier_hours(version)), hours_of(version)))


def rule_of(recompute: Recompute) -> Rule:
    assert recompute.calendar_version is not None  # noqa: S101 - recompute_has_one_subject
    return correction_to(recompute.calendar_version)
