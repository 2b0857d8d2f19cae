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


def test_a_lead_that_goes_back_to_the_pool_is_nobodys_yet() -> None:
    team = make_team("Mid-market")
    rep, manager = make_member(team, name="Lena Vogt"), make_member(team, "sales_manager")
    make_member(team, name="Tom Okafor")
    handoff = make_offer(team, rep)

    handoffs.reassign(handoff, by=manager, team=team, at=NOON + MINUTE)
    pooled = told()
    handoffs.reassign(handoff, by=manager, person=rep, at=NOON + 2 * MINUTE)

    lead = handoff.lead.name
    assert ("Tom Okafor", f"{lead} is in the pool of Mid-market: anyone may claim it") in pooled
    assert not [text for _, text in pooled if "is yours now" in text]
    assert ("Lena Vogt", f"{lead} is yours now") in told()


def test_a_lead_passed_to_a_team_is_passed_to_nobody_in_person() -> None:
    setters, closers = make_team("Setters"), make_team("Closers")
    rep = make_member(setters, name="Lena Vogt")
    make_member(closers, name="Tom Okafor")
    qualified = handoffs.qualify(handoffs.accept(make_offer(setters, rep), by=rep, at=NOON), by=rep, at=NOON)

    handoffs.pass_on(qualified, by=rep, team=closers, at=NOON)

    assert ("Tom Okafor", f"Lena Vogt passed {qualified.lead.name} to Closers") in told()
