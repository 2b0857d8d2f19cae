"""Story 8: five people of Nordhavn Shipping, five cycles, one deal. Money is counted once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import User
from alignment.demo import people
from alignment.demo.guests import FAIR, WEBINAR
from alignment.demo.history import History
from alignment.demo.thread import Thread
from alignment.demo.world import World
from leads.models import Deal, DealLead, Insight
from leads.models.qualification import Basis

COMPANY = "Nordhavn Shipping"
AMOUNT, RECURRING = Decimal(310_000), Decimal(96_000)


class Nordhavn:
    """Tells how the deal came about."""

    def __init__(self, world: World, history: History) -> None:
        self.world, self.history = world, history
        self.idris, self.lena = world.people["Idris Khan"], world.people["Lena Vogt"]

    def tell(self, maren: Thread) -> Deal:
        """`maren` is offered today, to somebody else than who works the deal."""
        tove = self._accepted("Tove Lien", "Fleet Manager", ("Event", FAIR, "event_visit"), 24, self.idris)
        deal = self._opened(tove)
        hege = self._accepted("Hege Strand", "HSE Manager", ("Event", FAIR, ""), 22, self.lena)
        self._joined(hege, deal, 16.5, self.lena)
        until = date(self.world.at.year + (self.world.at.month >= 3), 3, 1)
        hege.close_with("recycle", "no_budget_yet", self._at(15.9), self.lena, until=until)
        hege.sleep_until(until)
        per = self._accepted(
            "Per Aune", "Chief Engineer, Operations", ("Webinar", WEBINAR, "webinar"), 13, self.idris
        )
        self._joined(per, deal, 6, self.idris)
        anders = self._accepted("Anders Moe", "Head of Procurement", ("Event", FAIR, ""), 9, self.idris)
        anders.attempt(self._at(1.6), self.idris, "call", "talked", minutes=21)
        for thread, at in ((anders, self._at(1.5)), (maren, maren.last_at)):
            self._link(thread, deal, at)
        self._heard(tove, anders, deal)
        for thread in (tove, hege, per, anders):
            thread.finish()
        return deal

    def _at(self, days: float) -> datetime:
        """Some working minutes before the moment so many days ago: never to come, on a Sunday either."""
        return self.world.earlier("Bergen", self.world.at - timedelta(days=days), timedelta(minutes=35))

    def _accepted(
        self, name: str, title: str, came: tuple[str, str, str], days: float, holder: User
    ) -> Thread:
        """Offered so many days ago to whoever takes part in the deal, and talked to the same week."""
        source, campaign, trigger = came
        at = self._at(days)
        thread = self.history.buyers.meet(
            self.world.known[COMPANY], source, at - timedelta(days=4), title=title, name=name, consent=True
        )
        thread.campaign = self.world.campaigns[campaign]
        thread.lead.campaign = thread.campaign.row
        thread.touch("page_view", at - timedelta(days=4), detail="Ballast lines")
        jonas = self.world.people["Jonas Weber"]
        if trigger:
            seen = thread.touch(trigger, at - timedelta(minutes=20), campaign=thread.campaign)
            thread.mql(at - timedelta(minutes=20), Basis.DEFINITION, trigger=seen)
        else:
            thread.touch("event_scan", at - timedelta(minutes=50), campaign=thread.campaign)
            thread.mql(at - timedelta(minutes=20), Basis.MANUAL, by=jonas)
        team = people.MIDMARKET if holder == self.lena else people.ENTERPRISE
        thread.offer(at, team, holder, by=jonas, why="Knows this buyer")
        thread.do("accept", self.world.later("Bergen", at, timedelta(minutes=48)), holder, data={"by": "act"})
        tried_at = self.world.later("Bergen", thread.last_at, timedelta(minutes=40))
        thread.attempt(tried_at, holder, "call", "talked", minutes=18)
        return thread

    def _opened(self, thread: Thread) -> Deal:
        selling = self.history.cycles.selling
        deal = selling.draft(thread, self._at(17), self.idris)
        deal.name, deal.product, deal.kind = "Fleet monitoring", "LeakWatch", Deal.Kind.NEW
        deal.amount = deal.opening_amount = AMOUNT
        deal.recurring = RECURRING
        at = thread.do("qualify", self._at(17), self.idris, data={"deal": deal.pk})
        selling.keep(thread, deal, at)
        return deal

    def _joined(self, thread: Thread, deal: Deal, days: float, holder: User) -> None:
        self._link(thread, deal, thread.do("qualify", self._at(days), holder, data={"deal": deal.pk}))

    def _link(self, thread: Thread, deal: Deal, at: datetime) -> None:
        part = DealLead.Part.INFLUENCED
        self.history.book.add(DealLead(deal=deal, handoff=thread.handoff, part=part, joined_at=at))

    def _heard(self, tove: Thread, anders: Thread, deal: Deal) -> None:
        said = (
            (tove, "words", "“No dry dock” got the second meeting.", 15.0),
            (anders, "competitor", "HydroSense quoted for two vessels.", 1.5),
        )
        for thread, kind, words, days in said:
            at = self._at(days)
            self.history.book.add(
                Insight(lead=thread.lead, deal=deal, kind=kind, words=words, by=self.idris, at=at)
            )
