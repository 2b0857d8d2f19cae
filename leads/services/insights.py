"""Keeping what a buyer said, in the buyer's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from common.database.moments import database_now
from leads.models import Deal, Handoff, Insight


def hear(
    handoff: Handoff, kinds: Sequence[str], *, by: User, words: str = "", at: datetime | None = None
) -> list[Insight]:
    """One row a kind, on the lead, its newest deal and the campaign that caused the cycle. No kind, no row."""
    now = at or database_now()
    deal = Deal.objects.filter(handoffs=handoff).order_by("-opened_at").first() if kinds else None
    campaign = handoff.trigger.campaign if handoff.trigger else None
    rows = [
        Insight(
            lead_id=handoff.lead_id, deal=deal, campaign=campaign or handoff.lead.campaign, kind=kind,
            words=words.strip(), by=by, at=now,
        )
        for kind in kinds
    ]  # fmt: skip
    return Insight.objects.bulk_create(rows)
