"""Importing events that open, join and close deals: money is said once (surfaces section 4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from leads.models import (
    Company,
    Deal,
    ExternalId,
)
from tests.intake.events import T0, events, known_leads, lead, row
from tests.intake.files import reasons

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def leads() -> None:
    known_leads()


def test_every_qualified_or_won_lead_gets_a_deal_of_its_own() -> None:
    events(
        row("1", "qualified", 1, amount="900", product="GTX Pro", deal_kind="Cross-sell", currency="eur"),
        row("1", "won", 30, amount="1000.50"),
        row("2", "won", 2, amount="5"),
        row("3", "lost", 2, reason="Price"),
    )

    deals = Deal.objects.order_by("handoffs__lead_id")
    assert list(deals.values_list("name", "kind", "product", "currency", "opening_amount", "amount", "outcome")) == [
        ("Acme 1", "cross_sell", "GTX Pro", "EUR", Decimal(900), Decimal("1000.50"), "won"),
        ("Acme 2", "new", "", "USD", None, Decimal(5), "won"),
        ("Acme 3", "new", "", "USD", None, None, "lost"),
    ]  # fmt: skip
    assert [deal.closed_at for deal in deals] == [T0 + timedelta(30), T0 + timedelta(2), T0 + timedelta(2)]
    assert str(deals[2].lost_reason) == "Price"
    companies = Company.objects.filter(name__startswith="Acme").order_by("name")
    assert list(companies.values_list("relation", flat=True)) == ["customer", "customer", "prospect"]


def test_one_deal_of_five_people_is_won_once() -> None:
    """Domain: money is summed over deals, never over handoffs; winning closes every cycle joined to it."""
    joined = [
        row(f"g{n}", "qualified", n, deal="Nordhavn", amount="300000" if n == 0 else "") for n in range(4)
    ]

    report = events(*joined, row("g4", "accepted", 4), row("g2", "won", 40, deal="Nordhavn", amount="310000"))
    again = events(row("g3", "won", 40, deal="Nordhavn"), row("g1", "won", 41, deal="Nordhavn"))

    deal = Deal.objects.get()
    assert report.counts["created"] == 6
    assert (deal.amount, deal.opening_amount, deal.outcome) == (310_000, 300_000, "won")
    parts = deal.deal_leads.order_by("joined_at").values_list("part", "handoff__status")
    assert list(parts) == [
        ("sourced", "won"),
        ("influenced", "won"),
        ("influenced", "won"),
        ("influenced", "won"),
    ]
    assert lead("g4").stage == "sales_accepted"
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 1, "refused": 1}
    assert reasons(again) == ["The deal “Nordhavn” was won on 2025-04-12."]


def test_a_later_winner_of_a_won_deal_joins_it_without_adding_money() -> None:
    events(row("g0", "won", 1, deal="D", amount="100"), row("g1", "won", 2, deal="D", amount="100"))

    deal = Deal.objects.get()
    assert (deal.amount, deal.closed_at) == (100, T0 + timedelta(1))
    assert sorted(deal.handoffs.values_list("status", flat=True)) == ["won", "won"]


def test_a_deal_that_nobody_else_works_on_is_lost_with_its_cycle() -> None:
    events(
        row("g0", "qualified", 1, deal="D"),
        row("g1", "qualified", 2, deal="D"),
        row("g0", "disqualified", 3),
    )
    open_still = Deal.objects.get().outcome

    events(row("g1", "recycled", 4))

    assert (open_still, Deal.objects.get().outcome, Deal.objects.get().closed_at) == (
        "open",
        "lost",
        T0 + timedelta(4),
    )


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("1", "lost", 1, "D"), ("2", "won", 2, "D")], "The deal “D” was lost on 2025-03-04."),
        ([("1", "lost", 1, "D"), ("2", "qualified", 2, "D")], "The deal “D” was lost on 2025-03-04."),
        ([("1", "qualified", 1, "D"), ("1", "won", 2, "E")], "This lead works on the deal “D”."),
    ],
)
def test_events_that_contradict_their_deal_are_refused(
    rows: list[tuple[str, str, int, str]], reason: str
) -> None:
    report = events(*(row(who, event, day, deal=deal) for who, event, day, deal in rows))

    assert reasons(report) == [reason]


def test_a_deal_named_later_keeps_its_name() -> None:
    events(row("1", "qualified", 1))

    events(row("1", "won", 2, deal="D1", amount="7"))

    assert ExternalId.objects.get(kind="deal").deal == Deal.objects.get()
