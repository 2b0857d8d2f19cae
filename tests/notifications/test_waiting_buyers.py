"""Buyer wait is promised by both sides: whoever has the lead is warned, and the managers of both hear of a miss."""

from __future__ import annotations

from typing import Any

import pytest

from common.models import Outbox
from leads.services import handoffs
from notifications.recipients import message_for
from sla.services import clocks
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_handoff, make_member, make_team
from tests.sla.makers import happens, make_contract

pytestmark = pytest.mark.django_db
WARNED, LATE = NOON + 50 * MINUTE, NOON + 2 * HOUR


@pytest.fixture
def people() -> dict[str, Any]:
    make_contract(buyer_wait=HOUR)
    sales, demand = make_team(calendar=make_calendar()), make_team(function="demand")
    return {
        "rep": make_member(sales), "colleague": make_member(sales), "boss": make_member(sales, "sales_manager"),
        "of another team": make_member(make_team(), "sales_manager"),
        "marketing": make_member(demand, "marketing_manager"), "team": sales,
    }  # fmt: skip


def told(people: dict[str, Any], topic: str) -> set[str]:
    clocks.warn_due(WARNED)
    clocks.breach_overdue(LATE if topic == "clock.breached" else WARNED)
    messages = [message_for(fact) for fact in Outbox.objects.filter(topic=topic)]
    named = {person for message in messages for person in message.people}  # type: ignore[union-attr]
    return {name for name, person in people.items() if person in named}


def offered(people: dict[str, Any], **fields: Any) -> Any:
    handoff = make_handoff(team=people["team"], **fields)
    happens("mql", handoff.lead, NOON)
    happens("offered", handoff, NOON + MINUTE)
    return handoff


@pytest.mark.parametrize(
    ("topic", "who"),
    [("clock.warned", {"rep"}), ("clock.breached", {"rep", "boss", "marketing"})],
)
def test_who_holds_the_lead_is_warned_and_both_managers_hear_of_the_miss(
    people: dict[str, Any], topic: str, who: set[str]
) -> None:
    offered(people, holder=people["rep"])

    assert told(people, topic) == who


def test_in_the_pool_the_team_is_warned(people: dict[str, Any]) -> None:
    offered(people, holder=None)

    assert told(people, "clock.warned") == {"rep", "colleague"}


def test_before_it_is_offered_marketing_is_warned(people: dict[str, Any]) -> None:
    handoff = make_handoff("withdrawn", team=people["team"])
    happens("mql", handoff.lead, NOON)

    assert told(people, "clock.warned") == {"marketing"}


def test_what_went_back_for_information_waits_for_marketing(people: dict[str, Any]) -> None:
    handoff = offered(people, holder=people["rep"])
    handoffs.return_for_info(handoff, by=people["rep"], missing=["lead.title"], at=NOON + 2 * MINUTE)

    assert told(people, "clock.warned") == {"marketing"}
