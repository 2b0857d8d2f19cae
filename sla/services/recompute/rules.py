"""The kinds of recompute: what a clock goes over to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from calendars.models import CalendarVersion
from leads.models import Handoff, LeadEvent
from sla.engine.entry import Choice, Entry, Wanted
from sla.engine.restate import Change, Correction
from sla.engine.table import Kind
from sla.engine.trail import Trail
from sla.models import ClockEvent, ContractVersion, Recompute
from sla.services.choosing import ContractChooser
from sla.services.hours import hours_of
from sla.services.recompute.concerned import earlier_hours


class Rule(Protocol):
    """One kind of recompute."""

    def concerns(self, trail: Trail) -> bool:
        """Whether it has anything to do with a clock that went like this."""

    def change(self, entry: Entry, at: datetime) -> Change | None:
        """What an open clock goes over to at this moment; None: it keeps what it has."""

    @property
    def correction(self) -> Correction | None:
        """What missed clocks are measured by once more."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A calendar was wrong: what ran by its earlier versions is measured by this one."""

    correction: Correction

    def concerns(self, trail: Trail) -> bool:
        return not trail.versions().isdisjoint(self.correction.wrong)

    def change(self, entry: Entry, at: datetime) -> Change:
        choice = entry.choice
        if choice.hours.version in self.correction.wrong:
            choice = replace(choice, hours=self.correction.right)
        return Change(at, choice, self.correction)


def correction_to(version: CalendarVersion) -> Corrected:
    return Corrected(Correction(tuple(earlier_hours(version)), hours_of(version)))


class Amended:
    """Another version of the contract holds for what is left of running clocks.

    Which promise a clock goes over to is judged as if it started under that version: by the qualification and the
    moment of its start, with the present facts of the lead and the team that answers now.
    Without a match it keeps what it has, and so does a
    follow-up that would ask for another number or mix of attempts: those made cannot be made otherwise.
    """

    correction = None

    def __init__(self, version: ContractVersion, entries: Sequence[Entry]) -> None:
        self._version = version
        self._started = _started([entry.key for entry in entries])
        handoffs = Handoff.objects.filter(pk__in={entry.handoff for entry in entries if entry.handoff})
        self._qualifications = dict(handoffs.values_list("pk", "qualification"))
        self._chooser = ContractChooser(list(self._started.values()), {})

    def concerns(self, trail: Trail) -> bool:
        return True

    def change(self, entry: Entry, at: datetime) -> Change | None:
        choice = self.choice(entry)
        if choice is None or (entry.kind is Kind.FOLLOW_UP and choice.effort != entry.choice.effort):
            return None
        return Change(at, replace(choice, counted=entry.choice.counted))

    def choice(self, entry: Entry) -> Choice | None:
        """What would have been chosen when the clock started."""
        event = self._started.get(entry.key)
        qualification = entry.qualification or self._qualifications.get(entry.handoff or 0)
        if event is None or qualification is None:
            return None
        wanted = Wanted(
            entry.kind, entry.round, event, qualification, entry.handoff, entry.place, entry.state.started_at
        )
        return self._chooser.choose_from(self._version, wanted)


def _started(clocks: Sequence[int]) -> dict[int, LeadEvent]:
    """The journal rows that started these clocks."""
    lines = ClockEvent.objects.filter(clock__in=clocks, kind=ClockEvent.Kind.STARTED, event__isnull=False)
    return {line.clock_id: line.event for line in lines.select_related("event") if line.event}


def rule_of(recompute: Recompute, entries: Sequence[Entry]) -> Rule:
    if recompute.calendar_version:
        return correction_to(recompute.calendar_version)
    assert recompute.contract_version is not None  # noqa: S101 - recompute_has_one_subject
    return Amended(recompute.contract_version, entries)
