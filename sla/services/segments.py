"""Segments of commitments: which facts they ask, and whether a lead meets them at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from definitions.catalogue import catalogue
from definitions.engine import codec
from definitions.engine.criteria import AllOf, Criterion, Tree, judge, leaves
from definitions.engine.facts import Facts, FactValue, WrongTypeError
from definitions.engine.scoring import DefinitionFile, with_score
from definitions.models import DefinitionVersion
from leads.facts import LeadFacts, facts_of
from leads.models import Lead, LeadEvent, Qualification
from sla.engine.entry import Wanted
from sla.models import ContractVersion
from sla.services.hours import WorkingHours

HANDOFF = "handoff."
UNREADABLE = "unreadable"
EVERYBODY = AllOf(())
EVERYBODY_SEGMENTS: tuple[Any, ...] = ({}, {"all": []})  # as they are stored


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """The facts of a lead with those of the handoff or qualification that a clock starts on."""

    lead: Facts
    handoff: Mapping[str, FactValue]

    @property
    def at(self) -> datetime:
        return self.lead.at

    def value(self, name: str) -> FactValue | None:
        return self.handoff.get(name) if name.startswith(HANDOFF) else self.lead.value(name)

    def touches(self) -> Sequence[tuple[str, str | None, datetime]]:
        return self.lead.touches()


class Segments:
    """Judges segments for the leads of a batch; facts are read once, and only if a segment asks for them."""

    def __init__(self, events: Sequence[LeadEvent], hours: WorkingHours) -> None:
        self._leads = {event.lead_id for event in events}
        self._at = max((event.at for event in events), default=None)
        self._hours = hours
        self._trees: dict[int, Tree | None] = {}
        self._definitions: dict[int, DefinitionFile | None] = {}

    def unmet(
        self, commitment: int, segment: Any, wanted: Wanted, version: ContractVersion
    ) -> list[str] | None:
        """None when the lead is in the segment, else the facts that are not as it asks."""
        tree = self._tree(commitment, segment)
        if tree is None:
            return [UNREADABLE]
        if tree == EVERYBODY:
            return None
        try:
            verdict = judge(tree, self._facts(tree, wanted, version))
        except WrongTypeError:
            return [UNREADABLE]
        if verdict.met:
            return None
        return sorted({asked_fact(finding.test) for finding in verdict.findings if not finding.met})

    def _tree(self, commitment: int, segment: Any) -> Tree | None:
        if commitment not in self._trees:
            self._trees[commitment] = parsed(segment)
        return self._trees[commitment]

    def _facts(self, tree: Tree, wanted: Wanted, version: ContractVersion) -> Facts:
        of_lead: Facts = LeadFacts(wanted.event.at, {})
        if any(not asked_fact(leaf).startswith(HANDOFF) for _, leaf in leaves(tree)):
            known = self._known.get(wanted.event.lead_id)
            of_lead = replace(known, at=wanted.event.at) if known else of_lead
            definition = self._definition(version.mql_version)
            of_lead = with_score(definition, of_lead) if definition else of_lead
        return SegmentFacts(of_lead, self._of_handoff(wanted))

    @cached_property
    def _known(self) -> Mapping[int, LeadFacts]:
        assert self._at is not None  # noqa: S101 - facts are asked for events only
        return facts_of(Lead.objects.filter(pk__in=self._leads).select_related("company"), self._at)

    @cached_property
    def _qualifications(self) -> dict[int, Qualification]:
        rows = Qualification.objects.filter(lead__in=self._leads).select_related("trigger__kind")
        return {row.pk: row for row in rows}

    def _definition(self, version: DefinitionVersion | None) -> DefinitionFile | None:
        if version is None:
            return None
        if version.pk not in self._definitions:
            self._definitions[version.pk] = parsed_file(version)
        return self._definitions[version.pk]

    def _of_handoff(self, wanted: Wanted) -> dict[str, FactValue]:
        row = self._qualifications[wanted.qualification]
        raw = {
            "trigger": row.trigger.kind.key if row.trigger else None,
            "hand_raise": row.hand_raise,
            "grade": row.grade,
            "basis": str(row.basis),
            "motion": str(row.motion),
            "team": self._hours.team_name(wanted.place.team) if wanted.handoff else None,
        }
        at = wanted.event.at
        return {
            HANDOFF + name: FactValue(value, at) for name, value in raw.items() if value not in (None, "")
        }


def asked_fact(leaf: Any) -> str:
    return leaf.fact if isinstance(leaf, Criterion) else "touches"


def parsed(segment: Any) -> Tree | None:
    """What can no longer be read, because a fact is gone, matches nobody (fail closed)."""
    try:
        return codec.parse(segment, catalogue)
    except codec.CriteriaError:
        return None


def parsed_file(version: DefinitionVersion) -> DefinitionFile | None:
    file = {"criteria": version.criteria, "scoring": version.scoring, "grades": version.grades}
    try:
        return codec.parse_file(file, catalogue)
    except codec.CriteriaError:
        return None
