"""Where a lead stands in the inbox of its reader, and what stands before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.engine.standing import Standing
from desk.queries.inbox import SHOWN, items_in
from desk.queries.sift import Sift
from leads.models import Handoff, Lead

Status = Handoff.Status


@dataclass(frozen=True, slots=True)
class Place:
    """The `number`th lead of one view of the inbox."""

    view: str
    number: int
    of: str
    before: Lead | None
    after: Lead | None


def place_of(
    handoff: Handoff | None, standing: Standing, view: str, *, at: datetime, sift: Sift
) -> Place | None:
    """Nothing for a lead that does not wait for this person, or that a filter hides."""
    if handoff is None or not handoff.is_open:
        return None
    view = view or view_holding(handoff)
    items = items_in(standing, view, at=at, sift=sift)
    here = next((i for i, item in enumerate(items) if item.handoff.pk == handoff.pk), None)
    if here is None:
        return None
    leads = [item.handoff.lead for item in items]
    before, after = leads[max(here - 1, 0) : here], leads[here + 1 : here + 2]
    return Place(
        view=view,
        number=here + 1,
        of=f"{len(items)}{'+' if len(items) == SHOWN else ''}",
        before=before[0] if before else None,
        after=after[0] if after else None,
    )


def view_holding(handoff: Handoff) -> str:
    """The view in which an open handoff stands."""
    awaits_taking = handoff.status == Status.QUALIFIED and handoff.passed_at and not handoff.taken_at
    if handoff.status == Status.OFFERED or awaits_taking:
        return "answer"
    if handoff.status == Status.RETURNED:
        return "returned"
    untried = handoff.status == Status.ACCEPTED and handoff.first_response_at is None
    return "first-response" if untried else "working"
