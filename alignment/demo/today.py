"""Today: what waits for whom, placed in business time, so that it holds at night and on a Sunday too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from alignment.demo import guests, meetings, people
from alignment.demo.guests import Guest, Waiting
from alignment.demo.history import History
from alignment.demo.thread import Thread
from alignment.demo.world import World
from leads.models import Comment, Handoff, Insight
from leads.models.qualification import Basis

SOON = timedelta(minutes=4)
LONGEST_PAUSE = timedelta(hours=45)  # as the contract says
TWICE = frozenset({"content_download", "pricing_page"})
PHONE, ASKED = "phone_missing", "demo_request"


@dataclass
class Today:
    """The threads that are open now, and the one that is contested."""

    threads: dict[str, Thread]
    contested: Handoff


class Stage:
    """Sets the scene for one guest after another."""

    def __init__(self, world: World, history: History) -> None:
        self.world, self.history = world, history
        self.threads: dict[str, Thread] = {}

    def set(self) -> Today:
        for waiting in guests.UNANSWERED:
            self._unanswered(waiting)
        for guest, team, rep, key, field, waited in guests.RETURNED:
            self._returned(guest, team, rep, reason=(key, field), waited=waited)
        for guest, minutes in guests.TO_OFFER:
            self._qualified(guest, self._ago("Bergen", minutes / 60))
        for guest, attempts, waited in guests.WORKING:
            self._working(guest, attempts, waited)
        contested = self._contested()
        self._said()
        for thread in self.threads.values():
            thread.finish()
        return Today(self.threads, contested)

    def _ago(self, calendar: str, hours: float) -> datetime:
        """So much working time before now."""
        return self.world.earlier(calendar, self.world.at, timedelta(hours=hours))

    def _unanswered(self, waiting: Waiting) -> None:
        """Offered so long ago that its clock stands where the state says."""
        calendar = self._calendar(waiting.team, waiting.guest)
        offered_at = self._ago(calendar, waiting.waited)
        thread = self._offered(waiting.guest, waiting.team, waiting.rep, offered_at)
        if waiting.state == "paused":
            rep = self.world.people[waiting.rep]
            paused_at = self._ago(calendar, waiting.waited / 2)
            ends_at = self.world.later(calendar, paused_at, LONGEST_PAUSE)
            thread.do("pause", paused_at, rep, ends_at=ends_at, data={"reason": "buyer_away"})

    def _calendar(self, team: str, guest: Guest) -> str:
        return "Duty" if guest.trigger == ASKED else people.TEAMS[team].calendar

    def _returned(self, guest: Guest, team: str, rep: str, *, reason: tuple[str, str], waited: float) -> None:
        key, field = reason
        returned_at = self._ago("Bergen", waited)
        calendar = self._calendar(team, guest)
        offered_at = self.world.earlier(calendar, returned_at, timedelta(minutes=18))
        thread = self._offered(guest, team, rep, offered_at, phone=key != PHONE)
        data = {"reason": key, "fields": [field]}
        thread.do("return", returned_at, self.world.people[rep], data=data)
        if thread.handoff is not None:
            thread.handoff.missing_fields = [field]

    def _working(self, guest: Guest, attempts: int, waited: float) -> None:
        """Lena's: accepted so long ago, tried so often, to be tried again soon."""
        lena = self.world.people["Lena Vogt"]
        accepted_at = self._ago("Bergen", waited)
        offered_at = self.world.earlier(
            self._calendar(people.MIDMARKET, guest), accepted_at, timedelta(minutes=21)
        )
        thread = self._offered(guest, people.MIDMARKET, lena.name, offered_at)
        thread.do("accept", accepted_at, lena, data={"by": "act"})
        step = timedelta(hours=waited / (attempts + 1))
        at = accepted_at + timedelta(minutes=25)
        for number in range(attempts):
            made = number == attempts - 1 and guest.name == "Lucie Moreau"
            thread.attempt(
                at, lena, "email" if number % 2 else "call", "talked" if made else "no_answer",
                minutes=14 if made else None,
            )  # fmt: skip
            at = self.world.later("Bergen", at, step)
            if made:
                self._to_meet(thread, lena)
        if thread.handoff is not None:
            thread.handoff.next_attempt_at = self.world.later("Bergen", self.world.at, timedelta(hours=1.5))

    def _to_meet(self, thread: Thread, rep: User) -> None:
        """Agreed on in the talk, and moved once since."""
        first, then = (self.world.later("Bergen", self.world.at, timedelta(hours=hours)) for hours in (5, 11))
        meeting = meetings.plan(thread, thread.last_at, first, rep)
        meetings.move(thread, meeting, thread.last_at + timedelta(minutes=20), then, rep)

    def _contested(self) -> Handoff:
        """Rejected by Nadia; marketing says the criterion is met."""
        offered_at = self._ago("Bergen", 12)
        thread = self._offered(guests.CONTESTED, people.MIDMARKET, "Nadia Petrova", offered_at)
        nadia = self.world.people["Nadia Petrova"]
        self.history.cycles.reject_for(
            thread, self._ago("Bergen", 10.5), nadia, "below_criterion", criterion="/all/0"
        )
        handoff = thread.handoff
        if handoff is None:
            raise LookupError("The contested handoff was not offered.")
        return handoff

    def _offered(
        self, guest: Guest, team: str, rep: str, offered_at: datetime, *, phone: bool = True
    ) -> Thread:
        """Raised shortly before, or in the same moment where the buyer asked for a person."""
        raises = self._raises(guest)
        at = offered_at if raises else self.world.earlier("Bergen", offered_at, timedelta(minutes=16))
        thread = self._qualified(guest, at, phone=phone)
        person: User | None = self.world.people[rep] if rep else None
        by = None if raises else self.world.people["Priya Raman"]
        why = f"Round robin of {team}" if rep else f"Pool of {team}"
        thread.offer(offered_at, team, person, by=by, why=why)
        return thread

    def _qualified(self, guest: Guest, at: datetime, *, phone: bool = True) -> Thread:
        """A lead with a past of some weeks that is an MQL since `at`."""
        firm = self.world.known[guest.company]
        captured_at = at - timedelta(days=13, hours=2)
        thread = self.history.buyers.meet(
            firm, guest.source, captured_at, title=guest.title, name=guest.name, phone=phone, consent=True
        )
        self.threads[guest.name] = thread
        thread.campaign = self.world.campaigns[guest.campaign]
        thread.lead.campaign = thread.campaign.row
        self.history.buyers.enrich(thread, captured_at + timedelta(hours=5))
        thread.touch("page_view", captured_at, detail="Leak detection in process lines")
        thread.touch(
            "content_download", captured_at + timedelta(minutes=7), detail="Pump Efficiency Benchmark"
        )
        thread.touch("email_click", at - timedelta(days=3))
        if guest.trigger in TWICE:
            thread.touch(guest.trigger, at - timedelta(hours=26), campaign=thread.campaign)
        trigger = thread.touch(guest.trigger, at, campaign=thread.campaign, detail=guest.detail)
        thread.mql(at, Basis.HAND_RAISE if self._raises(guest) else Basis.DEFINITION, trigger=trigger)
        return thread

    def _raises(self, guest: Guest) -> bool:
        return self.world.kinds[guest.trigger].hand_raise

    def _said(self) -> None:
        """What the teams told each other, and what buyers said."""
        maren, lucie = self.threads["Maren Solberg"].lead, self.threads["Lucie Moreau"].lead
        priya, lena = self.world.people["Priya Raman"], self.world.people["Lena Vogt"]
        book = self.history.book
        book.add(
            Comment(
                lead=maren,
                by=priya,
                at=self._ago("Bergen", 1),
                text="Her question is about ballast lines. Two vessels dock in March.",
            )
        )
        book.add(
            Comment(
                lead=lucie, by=lena, at=self._ago("Bergen", 3), text="Budget is approved, sites are known."
            )
        )
        words = "How do you meter ballast lines without dry dock?"
        asked_at = self._ago("Bergen", 4)
        book.add(Insight(lead=maren, kind="question", words=words, by=lena, at=asked_at))
