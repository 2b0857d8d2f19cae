"""The present state of many leads, loaded at once: what a replay of history goes on from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from leads.engine.journey import Cycle, Journey
from leads.models import Assignment, Deal, Handoff, Lead, LeadEvent, Qualification
from leads.services import acts

# Journal kinds that are no act of history: they neither make a row of a file known nor come after it.
BESIDE = (LeadEvent.Kind.CREATED, LeadEvent.Kind.MERGED, LeadEvent.Kind.ANONYMISED)


@dataclass
class Story:
    """One lead as far as its history is known: its newest cycle, who holds it, and what was said already."""

    lead: Lead
    handoff: Handoff | None = None
    cycle: Cycle | None = None
    qualification: Qualification | None = None
    assignment: Assignment | None = None
    deal: Deal | None = None
    seen: set[tuple[str, datetime]] = field(default_factory=set)
    last_at: datetime | None = None

    @property
    def journey(self) -> Journey:
        return Journey(self.lead.stage, self.cycle)


def load(lead_ids: Iterable[int]) -> dict[int, Story]:
    """Lock these leads, in the order of their keys, and read where each of them stands."""
    stories = {pk: Story(lead) for pk, lead in acts.lock(lead_ids).items()}
    newest = Handoff.objects.filter(lead__in=stories).order_by("lead_id", "-cycle").distinct("lead_id")
    by_handoff: dict[int, Story] = {}
    for handoff in newest:
        story = by_handoff[handoff.pk] = stories[handoff.lead_id]
        story.handoff, story.cycle = handoff, acts.cycle_of(handoff)
    for assignment in Assignment.objects.filter(handoff__in=by_handoff, until_at=None):
        by_handoff[assignment.handoff_id].assignment = assignment
    last = Qualification.objects.filter(lead__in=stories).order_by("lead_id", "-at", "-pk")
    for qualification in last.distinct("lead_id"):
        stories[qualification.lead_id].qualification = qualification
    _read_journal(stories)
    return stories


def _read_journal(stories: dict[int, Story]) -> None:
    rows = LeadEvent.objects.filter(lead__in=stories).exclude(kind__in=BESIDE)
    for lead, kind, at, escalated in rows.values_list("lead_id", "kind", "at", "data__escalated"):
        story = stories[lead]
        # The third redirect goes to the manager and is journalled as a reassignment (domain section 3).
        story.seen.add(("redirected" if escalated else kind, at))
        story.last_at = max(story.last_at or at, at)
