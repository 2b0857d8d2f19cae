"""How cycles of history begin: the qualification, and the handoff that is offered on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leads.batch.relations import RelationBook
from leads.batch.sheet import Sheet
from leads.batch.stories import Story
from leads.engine.journey import Act
from leads.models import BriefVersion, Handoff, Qualification
from leads.models.qualification import Basis, Motion
from leads.services.judging import MOTIONS


class Openings:
    """Makes qualifications (without version or findings: nobody judges history) and new cycles."""

    def __init__(self, sheet: Sheet, stories: Iterable[Story], relations: RelationBook) -> None:
        self._sheet, self._relations = sheet, relations
        campaigns = {story.lead.campaign_id for story in stories} - {None}
        self._briefs: dict[int, list[tuple[datetime, int]]] = {}
        briefs = BriefVersion.objects.filter(campaign__in=campaigns).order_by("number")
        for campaign, published_at, pk in briefs.values_list("campaign_id", "published_at", "pk"):
            self._briefs.setdefault(campaign, []).append((published_at, pk))

    def qualification(self, story: Story, act: Act, *, implied: bool) -> dict[str, Any]:
        """A qualification by history; answers what its journal row tells."""
        return {**_codes(self._qualified(story, act, implied=implied)), "trigger": None, "version": None}

    def _qualified(self, story: Story, act: Act, *, implied: bool) -> Qualification:
        company = self._relations.by_id.get(story.lead.company_id or 0)
        row = Qualification(
            lead=story.lead,
            basis=Basis.IMPORT,
            raised_at=act.at,
            motion=MOTIONS.get(company.relation if company else "", Motion.NEW),
            at=act.at,
            by_id=act.by,
            implied=implied,
        )
        story.qualification = self._sheet.add_qualification(row)
        return row

    def handoff(self, story: Story, act: Act, *, implied: bool) -> dict[str, Any]:
        """A new cycle on the lead's newest qualification; answers what its journal row tells."""
        qualification = story.qualification or self._qualified(story, act, implied=True)
        number = story.handoff.cycle + 1 if story.handoff else 1
        story.handoff = self._sheet.add_handoff(
            Handoff(
                lead=story.lead,
                qualification=qualification,
                cycle=number,
                basis=qualification.basis,
                motion=qualification.motion,
                trigger_id=qualification.trigger_id,
                raised_at=qualification.raised_at,
                brief_id=self._brief(story, qualification),
                offered_at=act.at,
                offer_implied=implied,
            )
        )
        story.deal = story.assignment = None
        return _codes(qualification)

    def _brief(self, story: Story, qualification: Qualification) -> int | None:
        """What the buyer was promised: the newest wording of the lead's campaign at that time."""
        published = self._briefs.get(story.lead.campaign_id or 0, [])
        seen = [pk for published_at, pk in published if published_at <= qualification.at]
        return seen[-1] if seen else None


def _codes(row: Qualification) -> dict[str, Any]:
    return {
        "basis": str(row.basis), "motion": str(row.motion), "hand_raise": row.hand_raise, "grade": row.grade,
        "raised_at": row.raised_at.isoformat(),
    }  # fmt: skip
