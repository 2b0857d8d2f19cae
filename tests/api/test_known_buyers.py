"""Rejecting a buyer who is known already: by a call, with the deal or the colleague that it belongs to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from leads.models import Company, Deal, Lead
from tests.api.callers import World, make_world
from tests.factories import NOON, make_company, make_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    make_reason("reject", "open-deal", group="Already known", next_step="nurture")
    return make_world()


def offered(world: World, company: Company) -> dict[str, Any]:
    handoff = world.offered()
    Lead.objects.filter(public_id=handoff["lead"]).update(company=company)
    return handoff


def make_deal(company: Company, **fields: Any) -> Deal:
    terms = {"name": "Fleet monitoring", "currency": "USD", "opened_at": NOON, "amount": Decimal(1)} | fields
    return Deal.objects.create(company=company, **terms)


def test_a_call_names_the_deal(world: World) -> None:
    company = make_company()
    deal, handoff = make_deal(company), offered(world, company)

    answer = world.sales.post(
        f"handoffs/{handoff['id']}/reject/", {"reason": "open-deal", "deal": str(deal.public_id)}
    )

    assert answer.json()["status"] == "rejected"
    assert [(one["id"], one["part"]) for one in answer.json()["deals"]] == [
        (str(deal.public_id), "influenced")
    ]


def test_a_call_need_not_name_anybody(world: World) -> None:
    handoff = world.offered()

    answer = world.sales.post(f"handoffs/{handoff['id']}/reject/", {"reason": "open-deal"})

    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("open-deal", "This deal belongs to another company."),
        ("reject-it", "Only a reason of “Already known” says to whom a lead belongs."),
    ],
)
def test_a_deal_that_cannot_be_meant_is_refused(world: World, reason: str, said: str) -> None:
    deal, handoff = make_deal(make_company()), offered(world, make_company())

    answer = world.sales.post(
        f"handoffs/{handoff['id']}/reject/", {"reason": reason, "deal": str(deal.public_id)}
    )

    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": "deal", "reason": said}])


def test_nobody_is_told_of_a_rejection_that_is_refused(world: World) -> None:
    company = make_company()
    deal, handoff = make_deal(company), offered(world, company)
    world.sales.post(f"handoffs/{handoff['id']}/accept/")

    answer = world.sales.post(
        f"handoffs/{handoff['id']}/reject/", {"reason": "open-deal", "deal": str(deal.public_id)}
    )

    assert answer.status_code == 409
    assert not deal.deal_leads.exists()
