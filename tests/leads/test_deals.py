"""Deals and the cycles that work on them: closed together, reopened together, also when two act at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from accounts.models import Team, User
from common.refusals import Conflict
from leads.models import Company, CompanyRelation, Deal, DealLead, Handoff, Lead, LeadEvent
from leads.services import handoffs, leads
from leads.services.deals import Terms
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_company,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_reason,
    make_team,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR
ROUNDS = 12


def seller(**team: Any) -> tuple[Team, User]:
    made = make_team(calendar=make_calendar(), **team)
    return made, make_member(made)


def accepted(team: Team, rep: User, company: Company | None = None) -> Handoff:
    offered = make_offer(team, rep, lead=make_mql(company=company))
    return handoffs.accept(offered, by=rep, at=NOON)


def qualified(team: Team, rep: User, company: Company, amount: int | None = 41_000) -> Handoff:
    terms = Terms(Decimal(amount) if amount else None)
    return handoffs.qualify(accepted(team, rep, company), by=rep, terms=terms, at=NOON)


def joined(team: Team, rep: User, first: Handoff) -> Handoff:
    """Another lead of the company that works on the deal of `first`."""
    beside = accepted(team, rep, first.lead.company)
    return handoffs.qualify(beside, by=rep, deal=first.deals.get(), at=NOON)


def newest(lead_id: int) -> Handoff:
    return Handoff.objects.filter(lead=lead_id).order_by("-cycle")[0]


def known_company(relation: str) -> Company:
    company = make_company(relation=relation)
    CompanyRelation.objects.create(company=company, relation=relation, from_at=NOON - HOUR)
    return company


@pytest.mark.parametrize("before", ["prospect", "former", "partner"])
def test_reopening_a_win_brings_the_company_and_the_amount_back(before: str) -> None:
    team, rep = seller()
    company = known_company(before)
    handoff = qualified(team, rep, company)
    company.refresh_from_db()
    with_open_deal = company.relation
    handoffs.win(handoff, by=rep, amount=Decimal(43_000), at=LATER)

    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)

    deal = Deal.objects.get()
    company.refresh_from_db()
    current = CompanyRelation.objects.filter(company=company, until_at=None)
    assert (deal.outcome, deal.closed_at, deal.amount) == ("open", None, 41_000)
    assert company.relation == with_open_deal
    assert [row.relation for row in current] == [with_open_deal]


def test_the_yearly_part_comes_back_too() -> None:
    team, rep = seller()
    terms = Terms(Decimal(41_000), recurring=Decimal(9_000))
    handoff = handoffs.qualify(accepted(team, rep, make_company()), by=rep, terms=terms, at=NOON)

    handoffs.win(handoff, by=rep, recurring=Decimal(12_000), at=LATER)
    won = Deal.objects.get().recurring
    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)

    assert (won, Deal.objects.get().recurring) == (12_000, 9_000)


def test_an_amount_that_was_not_known_before_the_win_is_unknown_again() -> None:
    team, rep = seller()
    handoff = qualified(team, rep, make_company(), amount=None)
    handoffs.win(handoff, by=rep, amount=Decimal(43_000), at=LATER)

    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)

    assert Deal.objects.get().amount is None


def test_a_company_stays_a_customer_while_another_won_deal_holds_it() -> None:
    team, rep = seller()
    company = make_company()
    first, second = qualified(team, rep, company), qualified(team, rep, company)
    handoffs.win(first, by=rep, at=LATER)
    handoffs.win(second, by=rep, at=LATER + HOUR)

    handoffs.reopen(first, by=rep, at=LATER + 2 * HOUR)
    company.refresh_from_db()
    held = company.relation
    handoffs.reopen(second, by=rep, at=LATER + 3 * HOUR)
    company.refresh_from_db()

    assert (held, company.relation) == ("customer", "open_deal")


def test_a_customer_from_before_stays_one() -> None:
    team, rep = seller()
    company = known_company("customer")
    handoff = qualified(team, rep, company)
    handoffs.win(handoff, by=rep, at=LATER)

    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)

    company.refresh_from_db()
    assert company.relation == "customer"


def test_reopening_a_loss_forgets_to_whom_it_was_lost_and_the_company_has_an_open_deal() -> None:
    team, rep = seller()
    make_reason("lose", "price")
    company = make_company()
    handoff = qualified(team, rep, company)
    handoffs.lose(handoff, by=rep, reason="price", competitor="HydroSense", at=LATER)

    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)

    deal = Deal.objects.get()
    company.refresh_from_db()
    assert (deal.outcome, deal.lost_reason, deal.competitor) == ("open", None, "")
    assert company.relation == "open_deal"


def win(handoff: Handoff, rep: User) -> None:
    handoffs.win(handoff, by=rep, amount=Decimal(43_000), at=LATER)


def lose(handoff: Handoff, rep: User) -> None:
    make_reason("lose", "price")
    handoffs.lose(handoff, by=rep, reason="price", until=date(2026, 9, 1), at=LATER)


@pytest.mark.parametrize("end", [win, lose])
@pytest.mark.parametrize("by_way_of", [0, 1], ids=["the one that ended it", "one that ended with it"])
def test_cycles_that_ended_together_are_reopened_together(
    end: Callable[[Handoff, User], None], by_way_of: int
) -> None:
    team, rep = seller()
    first = qualified(team, rep, make_company())
    second = joined(team, rep, first)
    end(first, rep)

    handoffs.reopen((first, second)[by_way_of], by=rep, at=LATER + HOUR)

    successors = [newest(first.lead_id), newest(second.lead_id)]
    assert [(row.status, row.cycle, row.holder) for row in successors] == [("qualified", 2, rep)] * 2
    assert [row.follows for row in successors] == [first, second]
    assert set(Lead.objects.values_list("stage", "wake_at")) == {("sales_qualified", None)}
    assert LeadEvent.objects.filter(kind="reopened").count() == 2


def test_reopened_cycles_take_the_place_of_the_old_ones_in_the_deal() -> None:
    team, rep = seller()
    first = qualified(team, rep, make_company())
    second = joined(team, rep, first)
    win(first, rep)

    handoffs.reopen(first, by=rep, at=LATER + HOUR)

    parts = dict(DealLead.objects.values_list("handoff", "part"))
    assert parts[newest(first.lead_id).pk] == "sourced"
    assert parts[newest(second.lead_id).pk] == "influenced"
    assert parts[first.pk] == "influenced"


def again(handoff: Handoff, rep: User) -> None:
    handoffs.reopen(handoff, by=rep, at=LATER + HOUR)


def woken(handoff: Handoff, rep: User) -> None:
    leads.wake(handoff.lead, by=make_marketer(), at=LATER + HOUR)


def merged(handoff: Handoff, rep: User) -> None:
    Lead.objects.filter(pk=handoff.lead_id).update(merged_into=make_mql())


@pytest.mark.parametrize("newer", [woken, merged])
def test_what_happened_since_keeps_a_companion_closed(newer: Callable[[Handoff, User], None]) -> None:
    team, rep = seller()
    first = qualified(team, rep, make_company())
    second = joined(team, rep, first)
    lose(first, rep)
    newer(second, rep)

    handoffs.reopen(first, by=rep, at=LATER + 2 * HOUR)

    assert newest(second.lead_id) == second
    assert newest(first.lead_id).status == "qualified"


def test_a_deal_that_somebody_else_won_later_stays_won() -> None:
    team, rep = seller()
    make_reason("disqualify", "no-need")
    first = qualified(team, rep, make_company())
    second = joined(team, rep, first)
    handoffs.disqualify(first, by=rep, reason="no-need", at=LATER)
    handoffs.win(second, by=rep, at=LATER + HOUR)

    handoffs.reopen(first, by=rep, at=LATER + 2 * HOUR)

    assert Deal.objects.get().outcome == "won"
    assert newest(second.lead_id).status == "won"


def test_what_reopens_can_be_won_and_reopened_again() -> None:
    team, rep = seller()
    first = qualified(team, rep, make_company())
    second = joined(team, rep, first)
    win(first, rep)
    again(first, rep)

    handoffs.win(newest(second.lead_id), by=rep, at=LATER + 2 * HOUR)
    handoffs.reopen(newest(first.lead_id), by=rep, at=LATER + 3 * HOUR)

    open_cycles = Handoff.objects.filter(status="qualified", cycle=3)
    assert open_cycles.count() == 2
    assert Deal.objects.get().outcome == "open"


@pytest.mark.django_db(transaction=True)
def test_a_cycle_that_joins_while_the_deal_is_won_is_closed_with_it_or_told_that_it_is_closed() -> None:
    """D13: never open on a closed deal, and never a deadlock."""
    team, rep = seller()
    for _ in range(ROUNDS):
        first = qualified(team, rep, make_company())
        second = accepted(team, rep, first.lead.company)
        acts = [
            partial(handoffs.win, first, by=rep),
            partial(handoffs.qualify, second, by=rep, deal=first.deals.get()),
        ]

        ended, entered = at_once(acts)

        second.refresh_from_db()
        late = isinstance(entered, Conflict)
        assert isinstance(ended, Handoff), ended
        assert (late, second.status) in ((True, "accepted"), (False, "won")), entered


@pytest.mark.django_db(transaction=True)
def test_one_deal_is_won_once_from_any_of_its_cycles() -> None:
    team, rep = seller()
    for _ in range(ROUNDS // 3):
        first = qualified(team, rep, make_company())
        second = joined(team, rep, first)

        outcomes = at_once([partial(handoffs.win, handoff, by=rep) for handoff in (first, second)])

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Handoff"], outcomes
        assert {newest(handoff.lead_id).status for handoff in (first, second)} == {"won"}


@pytest.mark.django_db(transaction=True)
def test_two_deals_of_one_company_open_and_end_at_once() -> None:
    """The company has one present relation whatever meets."""
    team, rep = seller()
    for _ in range(ROUNDS // 3):
        company = make_company()
        both = [accepted(team, rep, company) for _ in range(2)]

        opened = at_once([partial(handoffs.qualify, handoff, by=rep) for handoff in both])
        won = at_once([partial(handoffs.win, handoff, by=rep) for handoff in both])

        current = CompanyRelation.objects.filter(company=company, until_at=None)
        assert all(isinstance(outcome, Handoff) for outcome in opened + won), opened + won
        assert [row.relation for row in current] == ["customer"]
