"""F1 and F31 on the ladder: a sweep killed at any point climbs no rung twice and forgets none (R2, R6, R18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.database.moments import database_now
from common.models import Outbox
from leads.models import LeadEvent
from sla.models import Breach, Escalation
from sla.services import clocks, invariants
from tests.factories import HOUR, make_member, make_offer, make_team
from tests.faults.doomed_ladder import POINTS
from tests.live import LiveProcesses
from tests.sla.makers import draft, promise, sign

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
KILLED, COUNT = -9, 4
LADDER = [
    {"after": "30m", "to": "sales_manager"},
    {"after": "1h", "do": "reassign"},
    {"after": "90m", "do": "pool"},
]


def make_late(*, hours: float) -> None:
    """Offers whose answer was due so many hours ago, the first two rungs in the past."""
    at = database_now() - timedelta(hours=hours) - HOUR
    version = draft(at - timedelta(days=2))
    promise(version, "answer", HOUR, ladder=LADDER)
    sign(version)
    team = make_team()
    reps = [make_member(team) for _ in range(3)]
    make_member(team, "sales_manager")
    for _ in range(COUNT):
        make_offer(team, reps[0], at=at)
    clocks.breach_overdue()


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_any_point_of_the_ladder_loses_and_doubles_nothing(live: LiveProcesses, point: str) -> None:
    make_late(hours=1.25)

    ended = [live.start("doomed", ["-m", "tests.faults.doomed_ladder", point]).wait(60) for _ in range(2)]
    clocks.sweep()

    assert ended[0] == KILLED
    rows = list(Escalation.objects.order_by("breach", "rung").values_list("rung", "silent", "done"))
    assert rows == [(1, True, True), (2, False, True)] * COUNT
    assert LeadEvent.objects.filter(kind="reassigned", actor=None).count() == COUNT
    assert Outbox.objects.filter(topic="clock.escalated").count() == COUNT
    assert (set(Breach.objects.values_list("rungs", flat=True)), invariants.broken()) == ({2}, {})
