"""From SQL to won or lost: deals, closers and reasons."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import User
from alignment.demo import people
from alignment.demo.thread import Thread
from alignment.demo.world import OSLO, World
from leads.models import Company, CompanyRelation, Deal, DealLead

LOST = {"no_decision": 0.38, "price": 0.22, "competitor": 0.20, "product_gap": 0.12, "promise_not_kept": 0.08}
PRODUCTS = {"LeakWatch": 0.5, "PumpSense": 0.35, "FlowAudit": 0.15}
RIVALS = {"HydroSense": 0.35, "Aquametry": 0.35, "PipeSentry": 0.3}
SENT_BACK = {"Joana Reis": 0.34, "Kofi Mensah": 0.09}
EXPANSION_WON = 0.35
RECYCLED = 0.45
ROLES = ("Decision maker", "Champion", "User", "Buyer")


class Selling:
    """Opens and closes deals, and remembers them for the history of companies."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deals: list[Deal] = []

    def qualify(self, thread: Thread, at: datetime, holder: User) -> Deal:
        """An SQL with a deal of its own."""
        deal = self.draft(thread, at, holder)
        done_at = thread.do("qualify", at, holder, data={"deal": deal.pk})
        self.keep(thread, deal, done_at)
        return deal

    def draft(self, thread: Thread, at: datetime, holder: User) -> Deal:
        chance = self.world.chance
        amount = Decimal(round(chance.lognormal(41_000, 0.75), -2))
        product = chance.weighed(PRODUCTS)
        company = thread.firm.row if thread.firm else None
        motion = thread.handoff.motion if thread.handoff else "new"
        deal = Deal(
            name=f"{product} at {company.name}" if company else product,
            company=company,
            kind=Deal.Kind.UPSELL if motion == "expansion" else Deal.Kind.NEW,
            product=product,
            amount=amount,
            opening_amount=amount,
            currency="USD",
            recurring=(amount * Decimal("0.55")).quantize(Decimal(1)),
            owner=holder,
            opened_at=at,
        )
        deal.pk = thread.book.next_key(Deal)
        return deal

    def keep(self, thread: Thread, deal: Deal, at: datetime) -> None:
        """Told only once the act that opens it is decided: it may lie in the future."""
        deal.opened_at = at
        thread.book.keep(deal)
        self.deals.append(deal)
        link = DealLead(deal=deal, handoff=thread.handoff, part=DealLead.Part.SOURCED, joined_at=at)
        link.role = self.world.chance.one_of(ROLES)
        thread.book.add(link)

    def sell(self, thread: Thread, holder: User, won: float) -> None:
        """Pass it on where there is a closer, then win or lose."""
        deal, chance = self.deals[-1], self.world.chance
        qualified_at = thread.last_at
        if holder.name in people.REPS[people.AMERICAS]:
            if not self._passed(thread, holder):
                return
            holder = self.world.people["Rachel Stein"]
            deal.owner = holder
        days = chance.lognormal(62, 0.578)
        if thread.handoff is not None and thread.handoff.motion == "expansion":
            won = EXPANSION_WON
        at = self._working_hour(qualified_at + timedelta(days=days))
        if chance.yes(won):
            self._win(thread, deal, at, holder)
        else:
            self._lose(thread, deal, at, holder)

    def close(self, deal: Deal, outcome: str, at: datetime) -> None:
        deal.outcome, deal.closed_at = outcome, at

    def relations(self) -> list[CompanyRelation]:
        """What each company was to us, from its deals; customers since long are customers."""
        return [row for deals in _by_company(self.deals).values() for row in _relations(deals)]

    def _passed(self, thread: Thread, holder: User) -> bool:
        """The closer takes it or sends it back, which ends here: no authority."""
        rachel, chance = self.world.people["Rachel Stein"], self.world.chance
        team = self.world.teams[people.AMERICAS_SALES]
        at = self.world.later("Boston", thread.last_at, chance.minutes(30, 0.6))
        thread.do("pass", at, holder, team=team.pk, person=rachel.pk)
        at = self.world.later("Boston", at, chance.minutes(75, 0.8))
        if not chance.yes(SENT_BACK.get(holder.name, 0.0)):
            thread.do("take", at, rachel)
            return True
        thread.close_with("send_back", "no_authority", at, rachel)
        at = self.world.later("Boston", at, chance.minutes(900, 0.6))
        thread.close_with("disqualify", "no_authority", at, holder)
        deal = self.deals[-1]
        deal.lost_reason = self.world.reasons["lose", "no_decision"]
        self.close(deal, Deal.Outcome.LOST, thread.last_at)
        return False

    def _win(self, thread: Thread, deal: Deal, at: datetime, holder: User) -> None:
        done_at = thread.do("win", at, holder, data={"deal": deal.pk})
        self.close(deal, Deal.Outcome.WON, done_at)
        if thread.firm is not None and thread.firm.customer_from is None:
            thread.firm.customer_from = done_at

    def _lose(self, thread: Thread, deal: Deal, at: datetime, holder: User) -> None:
        chance = self.world.chance
        key = chance.weighed(LOST)
        until = self._later_day(at, chance.whole(60, 200)) if chance.yes(RECYCLED) else None
        done_at = thread.close_with("lose", key, at, holder, until=until, data={"deal": deal.pk})
        deal.lost_reason = self.world.reasons["lose", key]
        if key == "competitor":
            deal.competitor = chance.weighed(RIVALS)
        self.close(deal, Deal.Outcome.LOST, done_at)
        if until is not None:
            thread.sleep_until(until)

    def _working_hour(self, at: datetime) -> datetime:
        """The same day or the next working one, at an hour when people close deals."""
        minutes = timedelta(minutes=self.world.chance.between(20, 420))
        morning = at.astimezone(OSLO).replace(hour=7, minute=30)
        return self.world.later("Bergen", morning.astimezone(at.tzinfo), minutes)

    def _later_day(self, at: datetime, days: int) -> date:
        return at.astimezone(OSLO).date() + timedelta(days=days)


def _by_company(deals: list[Deal]) -> dict[int, list[Deal]]:
    found: dict[int, list[Deal]] = {}
    for deal in deals:
        if deal.company is not None:
            found.setdefault(deal.company.pk, []).append(deal)
    return found


def _relations(deals: list[Deal]) -> list[CompanyRelation]:
    """Open deal while one is open; customer from the first that is won on; else prospect again."""
    company = deals[0].company
    if company is None or company.relation == "customer":
        return []
    changes: list[tuple[datetime, str]] = [(company.created_at, "prospect")]
    won = [deal.closed_at for deal in deals if deal.outcome == Deal.Outcome.WON and deal.closed_at]
    for deal in sorted(deals, key=lambda deal: deal.opened_at):
        if won and deal.opened_at >= min(won):
            break
        changes.append((deal.opened_at, "open_deal"))
        if deal.outcome == Deal.Outcome.LOST and deal.closed_at and not _another_open(deals, deal.closed_at):
            changes.append((deal.closed_at, "prospect"))
    if won:
        changes = [change for change in changes if change[0] < min(won)] + [(min(won), "customer")]
    changes.sort()
    return _spans(company, changes)


def _another_open(deals: list[Deal], at: datetime) -> bool:
    return any(deal.opened_at <= at and (deal.closed_at is None or deal.closed_at > at) for deal in deals)


def _spans(company: Company, changes: list[tuple[datetime, str]]) -> list[CompanyRelation]:
    kept: list[CompanyRelation] = []
    for at, relation in changes:
        if kept and kept[-1].relation == relation:
            continue
        if kept:
            kept[-1].until_at = at
        kept.append(CompanyRelation(company=company, relation=relation, from_at=at))
    return kept
