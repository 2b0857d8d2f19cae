"""What waits today holds at whatever hour the demo is started."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from alignment.demo import seeding
from alignment.demo import world as company
from alignment.demo.book import Book
from alignment.demo.history import History
from alignment.demo.nordhavn import Nordhavn
from alignment.demo.today import Stage
from leads.models import Attempt, Handoff, Insight, LeadEvent
from sla.models import Clock

MOMENTS = {
    "a Tuesday morning": datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
    "a Sunday night": datetime(2026, 11, 22, 22, 40, tzinfo=UTC),
    "a Sunday at noon": datetime(2026, 11, 29, 11, 0, tzinfo=UTC),
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


@pytest.mark.django_db
@pytest.mark.parametrize("at", MOMENTS.values(), ids=MOMENTS.keys())
def test_the_deal_that_five_people_are_in_lies_in_the_past(at: datetime):
    """A call of a day and a half ago once fell on the Monday after, and from Sunday on nobody could start."""
    world = company.create(at)
    history = History(world, Book())
    maren = Stage(world, history).set().threads["Maren Solberg"]

    Nordhavn(world, history).tell(maren)

    told = [row.at for model in (LeadEvent, Attempt, Insight) for row in history.book.rows(model)]
    assert max(told) < at


def _state(clock: Clock, at: datetime) -> str:
    if clock.status != "running":
        return {"breached": "late"}.get(clock.status, clock.status)
    return "risk" if clock.risk_at <= at else "track"
