"""Thirteen months of leads: who came, what they did, who qualified and what became of them."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.demo import arrivals, names
from alignment.demo.arrivals import Arrival
from alignment.demo.book import Book
from alignment.demo.buyers import Buyers
from alignment.demo.companies import Firm
from alignment.demo.cycle import Cycles
from alignment.demo.floor import Floor, Plan
from alignment.demo.thread import NotYetError, Thread
from alignment.demo.wordings import NOW, OLD
from alignment.demo.world import World
from leads.engine.journey import INQUIRY
from leads.models.qualification import Basis

FITS: dict[int, tuple[tuple[str, ...], int | None]] = {
    1: (OLD, None), 2: (OLD, 5_000), 3: (OLD, 5_000), 4: (NOW, 5_000)
}  # fmt: skip
# What makes a lead of a source an MQL: the touch before, and the touch that decides.
TRIGGERS = {
    "Webinar": ("webinar_registered", "webinar"),
    "Content": ("content_download", "content_download"),
    "Paid search": ("pricing_page", "pricing_page"),
    "Event": ("event_scan", "event_visit"),
    "Organic": ("content_download", "content_download"),
    "Partner": ("email_click", "partner_referral"),
    "Demo request": ("page_view", "demo_request"),
}
# What others of the source did; none of it qualifies, whatever their company.
FIRST = {
    "Demo request": "demo_started", "Webinar": "webinar_registered", "Content": "content_download",
    "Paid search": "ad_click", "Event": "event_scan", "Partner": "email_click", "Organic": "page_view",
}  # fmt: skip
IDLE = {"page_view": 0.5, "email_click": 0.36, "ad_click": 0.1, "webinar_registered": 0.04}
EAGER = {"webinar": 0.35, "pricing_page": 0.35, "content_download": 0.3}
CUSTOMERS = 0.08
RAISES = 0.06
COMES_BACK = 0.3
TOUCHES = 6


@dataclass(frozen=True, slots=True)
class Buyer:
    """An arrival that shall qualify: at which company, by which touch, when."""

    arrival: Arrival
    firm: Firm
    raises: str
    at: datetime


class History:
    """Tells the months before today."""

    def __init__(self, world: World, book: Book) -> None:
        self.world, self.book = world, book
        self.floor, self.cycles, self.buyers = Floor(world), Cycles(world), Buyers(world, book)
        self._firms: defaultdict[str, list[Firm]] = defaultdict(list)
        for firm in world.firms:
            book.add(firm.row)
        for firm in world.firms[len(world.known) :]:
            self._firms[firm.country].append(firm)

    def tell(self) -> None:
        """Inquiries first, then those who qualify, in the order in which they do."""
        wanted: list[tuple[datetime, Arrival]] = []
        for arrival in arrivals.all_of(self.world):
            if arrival.qualifies:
                wanted.append((self._decides_at(arrival), arrival))
            else:
                self.inquire(arrival)
        for at, arrival in sorted(wanted, key=lambda pair: pair[0]):
            buyer = self._buyer(arrival, at)
            plan = self._plan(buyer)
            if buyer.at < self.world.at and plan.ends_at < self.world.at:
                self._qualify(buyer, plan)
            else:
                self.inquire(arrival)

    def inquire(self, arrival: Arrival) -> Thread:
        """A lead that does not qualify: no intent where the company fits, or no fit."""
        firm = self.world.chance.one_of(self._firms[arrival.country])
        fits = firm.fits(NOW, None) and not firm.is_customer(arrival.at)
        title = self.world.chance.one_of(names.OTHERS if self.world.chance.yes(0.45) else names.BUYERS)
        thread = self.buyers.meet(
            firm, arrival.source, arrival.at, title=title, phone=self.world.chance.yes(0.7)
        )
        self._follow(thread, arrival)
        thread.touch(FIRST[arrival.source], arrival.at, campaign=arrival.campaign)
        self.wander(thread, arrival.at, idle=fits)
        return thread

    def wander(self, thread: Thread, since: datetime, *, idle: bool = True) -> None:
        """Further touches, spread over weeks."""
        chance, at = self.world.chance, since
        for _ in range(chance.geometric(TOUCHES) - 1):
            at += timedelta(hours=chance.lognormal(60, 1.1))
            if at >= self.world.at:
                return
            thread.touch(chance.weighed(IDLE if idle or chance.yes(0.7) else EAGER), at)

    def _follow(self, thread: Thread, arrival: Arrival) -> None:
        thread.campaign = arrival.campaign
        if arrival.campaign is not None:
            thread.lead.campaign = arrival.campaign.row

    def _decides_at(self, arrival: Arrival) -> datetime:
        """A demo request decides at once, the rest within days, at the same time of a working day."""
        if arrival.source == "Demo request":
            return arrival.at
        chance = self.world.chance
        at = arrival.at + timedelta(days=chance.whole(0, 4), minutes=chance.between(9, 50))
        return at + timedelta(days=2) if at.weekday() > 4 and chance.yes(0.8) else at

    def _buyer(self, arrival: Arrival, at: datetime) -> Buyer:
        """Who it is: a customer who asks again, someone who asks without fitting, or one who fits."""
        chance = self.world.chance
        if chance.yes(CUSTOMERS):
            return Buyer(arrival, self.pick(arrival.country, at, customers=True), "pricing_request", at)
        raises = "demo_request" if arrival.source == "Demo request" else ""
        if not raises and arrival.source != "Partner" and chance.yes(RAISES):
            raises = chance.one_of(("contact_form", "pricing_request"))
        anybody = bool(raises) and chance.yes(0.4)
        return Buyer(arrival, self.pick(arrival.country, at, anybody=anybody), raises, at)

    def pick(self, country: str, at: datetime, *, customers: bool = False, anybody: bool = False) -> Firm:
        """A company of the country; of any country where none of it suits."""
        industries, most = FITS[self.world.mql_version(at).number]
        every = [country] * 60 + list(self._firms) * 200
        for place in every:
            firm = self.world.chance.one_of(self._firms[place])
            if firm.is_customer(at) != customers:
                continue
            if customers or anybody or firm.fits(industries, most):
                return firm
        raise LookupError("No company suits.")

    def _plan(self, buyer: Buyer) -> Plan:
        motion = "expansion" if buyer.firm.is_customer(buyer.at) else "new"
        if buyer.raises:
            return self.floor.plan(buyer.firm, buyer.at, buyer.raises, raised=True, motion=motion)
        offered_at = self.world.later("Bergen", buyer.at, self.world.chance.minutes(17, 0.75))
        return self.floor.plan(buyer.firm, offered_at, "", raised=False, motion=motion)

    def _qualify(self, buyer: Buyer, plan: Plan) -> None:
        arrival, chance = buyer.arrival, self.world.chance
        title = chance.one_of(names.BUYERS)
        thread = self.buyers.meet(buyer.firm, arrival.source, arrival.at, title=title, phone=chance.yes(0.94))
        self._follow(thread, arrival)
        before, kind = TRIGGERS[arrival.source]
        if buyer.at > arrival.at:
            thread.touch(before, arrival.at, campaign=arrival.campaign)
        trigger = thread.touch(buyer.raises or kind, buyer.at, campaign=arrival.campaign)
        self.wander(thread, buyer.at)
        basis = Basis.PARTNER if arrival.source == "Partner" else Basis.DEFINITION
        with suppress(NotYetError):
            thread.mql(buyer.at, Basis.HAND_RAISE if buyer.raises else basis, trigger=trigger)
            self.cycles.tell(thread, plan)
            self._come_back(thread)
        thread.finish()

    def _come_back(self, thread: Thread) -> None:
        """Some who were recycled ask again by themselves, and more of them buy."""
        woke = thread.journey.stage == INQUIRY and thread.handoff is not None
        firm, chance = thread.firm, self.world.chance
        if not woke or firm is None or firm.is_customer(thread.last_at) or not chance.yes(COMES_BACK):
            return
        at = thread.last_at + timedelta(hours=chance.lognormal(160, 0.8))
        plan = self.floor.plan(firm, at, "contact_form", raised=True, motion="new")
        if plan.ends_at >= self.world.at:
            return
        trigger = thread.touch("contact_form", at)
        thread.mql(at, Basis.HAND_RAISE, trigger=trigger)
        self.cycles.tell(thread, plan, won=0.45)
