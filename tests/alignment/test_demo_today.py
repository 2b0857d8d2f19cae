"""What waits today holds at whatever hour the demo is started."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from alignment.demo import seeding
from leads.models import Handoff
from sla.models import Clock

MOMENTS = {
    "a Tuesday morning": datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
    "a Sunday night": datetime(2026, 11, 22, 22, 40, tzinfo=UTC),
    "Christmas": datetime(2026, 12, 25, 3, 0, tzinfo=UTC),
    "the hour that comes twice": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "just after opening": datetime(2026, 9, 7, 6, 1, tzinfo=UTC),
}


@pytest.mark.django_db
@pytest.mark.parametrize("at", MOMENTS.values(), ids=MOMENTS.keys())
def test_twelve_offers_wait_three_late_three_at_risk_one_paused(at: datetime):
    seeding.seed_today(at)

    answers = Clock.objects.filter(kind="answer", handoff__status="offered")
    states = Counter(_state(clock, at) for clock in answers)

    assert states == {"late": 3, "risk": 3, "track": 5, "paused": 1}
    assert Handoff.objects.filter(status="returned").count() == 3


def _state(clock: Clock, at: datetime) -> str:
    if clock.status != "running":
        return {"breached": "late"}.get(clock.status, clock.status)
    return "risk" if clock.risk_at <= at else "track"
