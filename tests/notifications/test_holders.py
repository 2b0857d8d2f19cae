"""What the holder of a lead is told without anybody of the house having acted: a pause is over, a buyer booked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.services import handoffs, pauses, touches
from leads.services.meetings import Booking
from leads.services.touches import Interaction
from notifications.models import Notice
from notifications.services.relay import relay
from tests.factories import (
    HOUR,
    MINUTE,
    NOON,
    make_member,
    make_offer,
    make_reason,
    make_team,
    make_touch_kind,
)

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    relay()
    return sorted(Notice.objects.values_list("person__name", "text"))


def test_the_holder_is_told_when_a_pause_is_over() -> None:
    team = make_team()
    rep = make_member(team, name="Lena Vogt")
    handoff = handoffs.accept(make_offer(team, rep), by=rep, at=NOON)
    pauses.pause(
        handoff, by=rep, reason=make_reason("pause").key, limit=lambda scene, reason: NOON + HOUR,
        at=NOON + MINUTE,
    )  # fmt: skip

    pauses.end_due(NOON + 2 * HOUR)

    assert ("Lena Vogt", f"The pause of {handoff.lead.name} is over, its clocks run") in told()


def test_the_rep_is_told_of_a_meeting_that_a_buyer_booked() -> None:
    team = make_team()
    rep = make_member(team, name="Lena Vogt")
    handoff = make_offer(team, rep)
    seen = Interaction(make_touch_kind(hand_raise=True), booking=Booking(NOON + timedelta(days=2), rep))

    touches.record(handoff.lead, seen, at=NOON + MINUTE)

    assert ("Lena Vogt", f"{handoff.lead.name} booked a meeting with you") in told()
