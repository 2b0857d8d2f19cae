"""Choosing the commitment of a clock that starts: from the contract in force, by the facts at that moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from calendars.engine.business_time import is_open
from leads.models import LeadEvent
from sla.engine.clock import default_warnings
from sla.engine.effort import Effort
from sla.engine.entry import Choice, Entry, Hours, Wanted
from sla.engine.reading import JournalRow
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import agreed_versions, version_at
from sla.services.chosen import as_line
from sla.services.hours import WorkingHours
from sla.services.load import Load
from sla.services.rows import effort_of
from sla.services.segments import Segments


class ContractChooser:
    """Chooses for the clocks that a batch of events starts, in a fixed number of statements."""

    def __init__(
        self,
        events: Sequence[LeadEvent],
        known: Mapping[int, Commitment],
        versions: Sequence[ContractVersion] | None = None,
    ) -> None:
        """`known` are promises that clocks stand on, `versions` the signed ones where they are read already."""
        self._given = versions
        self._hours = WorkingHours()
        self._segments = Segments(events, self._hours)
        self._load = Load(events, self._hours.zone)
        self._commitments = dict(known)
        self._rules: dict[int, defaultdict[str, list[Commitment]]] = {}

    def choose(self, wanted: Wanted) -> Choice | None:
        version = version_at(self._versions, wanted.event.at)
        return self.choose_from(version, wanted) if version else None

    def choose_from(self, version: ContractVersion, wanted: Wanted) -> Choice | None:
        """The first promise of this version, signed or not, that the lead met at that moment."""
        passed_over: list[dict[str, Any]] = []
        for commitment in self._rules_of(version)[wanted.kind]:
            unmet = self._segments.unmet(commitment.pk, commitment.segment, wanted, version)
            if unmet is None:
                return self._choice(commitment, wanted, version.number, passed_over)
            passed_over.append({"commitment": commitment.pk, "unmet": unmet})
        return None

    def hours(self, entry: Entry, event: JournalRow, team: int | None) -> Hours:
        """A named calendar is the same for every team: the clock keeps the version it started on."""
        commitment = self._commitments[entry.choice.commitment]
        if commitment.calendar_choice == Commitment.CalendarChoice.NAMED:
            return entry.choice.hours
        return self._hours.of(commitment, entry.kind, team)

    @cached_property
    def _versions(self) -> Sequence[ContractVersion]:
        return agreed_versions() if self._given is None else self._given

    def _rules_of(self, version: ContractVersion) -> Mapping[str, Sequence[Commitment]]:
        """The promises of a version that run by the clock, by kind and in their order."""
        if version.pk not in self._rules:
            rules = self._rules[version.pk] = defaultdict(list)
            for commitment in version.commitments.all():  # in the order of the model, kind and position
                if commitment.target is not None:
                    rules[commitment.kind].append(commitment)
        return self._rules[version.pk]

    def _choice(self, commitment: Commitment, wanted: Wanted, number: int, passed_over: list[Any]) -> Choice:
        self._commitments[commitment.pk] = commitment
        hours = self._hours.of(commitment, wanted.kind, wanted.place.team)
        target, late = target_at(commitment, hours, wanted.at)
        place = self._place(commitment, wanted)
        choice = Choice(
            commitment=commitment.pk,
            hours=hours,
            target=target,
            warnings=tuple(commitment.warnings) or default_warnings(target),
            effort=self._effort(commitment, wanted),
            counted=place is None or place <= (commitment.binds_up_to or place),
            restarts=commitment.restart_on_reassign,
        )
        reasons = {"version": number, "out_of_hours": late, "passed_over": passed_over}
        if place is not None:
            reasons["place_of_day"] = place
        return replace(choice, why=as_line(choice) | reasons)

    def _effort(self, commitment: Commitment, wanted: Wanted) -> Effort:
        effort = effort_of(commitment)
        return replace(effort, zone=self._hours.zone(wanted.place.team)) if effort.days else effort

    def _place(self, commitment: Commitment, wanted: Wanted) -> int | None:
        """The how-manieth of the rep's day this is, where that decides whether it counts."""
        if commitment.binds_up_to is None or wanted.place.team is None:  # no team: owed by marketing
            return None
        return self._load.place(wanted.handoff, wanted.event.pk)


def target_at(commitment: Commitment, hours: Hours, at: datetime) -> tuple[timedelta, bool]:
    """The target for a start at this moment, and whether it is the one for starts out of hours."""
    late = commitment.out_of_hours is not None and not is_open(hours.calendar, at)
    return (commitment.out_of_hours if late else commitment.target) or timedelta(), late
