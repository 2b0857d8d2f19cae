"""The planted stories: what went wrong at Northwater, and can be found on the screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from alignment.demo import dressed, names, people
from alignment.demo.companies import Firm
from alignment.demo.floor import AWAY, Place, Plan
from alignment.demo.history import History
from alignment.demo.thread import NotYetError, Thread
from alignment.demo.world import OSLO, World
from calendars.engine.business_time import is_open
from leads.models import Handoff
from leads.models.qualification import Basis

HOUR = timedelta(hours=1)
# Story 2.
LIST_LEADS, LIST_DEAD, LIST_MISSING, LIST_SQLS, LIST_COMPLETE = 60, 19, 8, 4, 35
# Story 3.
ABSENT_OFFERS, ABSENT_BREACHED, ABSENT_EXCUSES = 14, 11, 4
# Story 7: days from hand to first attempt; their median is 2.6.
WAITS = (2.36, 2.4, 2.44, 2.48, 2.52, 2.56, 2.64, 2.68, 2.71, 2.74, 2.78, 2.82)
# Story 14.
DOWN = timedelta(hours=3)
FOUND_LATE = 6


@dataclass(frozen=True, slots=True)
class Outage:
    """When the workers stood still."""

    begins_at: datetime
    ends_at: datetime


def outage(world: World) -> Outage:
    """Nine to twelve in Bergen, twelve days ago or the working day before."""
    day = world.at.astimezone(OSLO) - timedelta(days=12)
    while True:
        begins_at = day.replace(hour=9, minute=0, second=0, microsecond=0).astimezone(world.at.tzinfo)
        if is_open(world.hours["Bergen"], begins_at) and is_open(world.hours["Bergen"], begins_at + DOWN):
            return Outage(begins_at, begins_at + DOWN)
        day -= timedelta(days=1)


class Stories:
    """Tells them into the same book as the history."""

    def __init__(self, world: World, history: History) -> None:
        self.world, self.history = world, history
        self.floor, self.cycles = history.floor, history.cycles
        self.dana = world.people["Dana Whitfield"]
        self.absent: list[int] = []

    def tell(self) -> None:
        self.bought_list()
        self.away_without_cover()
        self.ping_pong()
        self.workers_down()
        dressed.tell(self)

    def bought_list(self) -> None:
        """Story 2: sixty addresses in three days, and what came of them."""
        start = self.world.later("Bergen", self.world.at - timedelta(weeks=5), HOUR)
        outcomes = ["dead"] * LIST_DEAD + ["missing"] * LIST_MISSING
        outcomes += ["sql"] * LIST_SQLS + ["accepted"] * (LIST_LEADS - len(outcomes) - LIST_SQLS)
        mixed = self.world.chance.shuffled(outcomes)
        gaps = LIST_LEADS - LIST_COMPLETE - LIST_MISSING
        for number, outcome in enumerate(mixed):
            at = self.world.later("Bergen", start, timedelta(minutes=23) * number)
            gap = outcome not in ("missing", "dead") and gaps > 0
            gaps -= gap
            self._listed(at, outcome, gap=gap)

    def away_without_cover(self) -> None:
        """Story 3: the routing goes on offering to Marcus."""
        first = self.world.at - AWAY[0] + HOUR
        last = self.world.at - AWAY[1] - timedelta(days=2)
        step = (last - first) / ABSENT_OFFERS
        marcus = Place(people.MIDMARKET, self.world.people["Marcus Bell"], "Round robin of Mid-market EMEA")
        back_at = self.world.at - AWAY[1]
        for number in range(ABSENT_OFFERS):
            at = self.world.later("Bergen", first + step * number, timedelta(minutes=5 + 7 * number))
            thread = self.meet("Content", at - HOUR, country="GB")
            with suppress(NotYetError):
                self.absent.append(self.offer(thread, at, marcus).pk)
                if number % 5 == 4 or number == ABSENT_OFFERS - 1:
                    self._handed_over(thread, self.world.later("Bergen", at, timedelta(minutes=70)), 60)
                elif number % 2:
                    self._handed_over(thread, self.world.later("Bergen", at, timedelta(hours=7 + number)), 30)
                else:
                    answered_at = self.world.later("Bergen", back_at, timedelta(minutes=20 + 9 * number))
                    self._accepted(thread, answered_at, "Marcus Bell")
            thread.finish()

    def ping_pong(self) -> None:
        """Story 7: every team answers in time, by sending the lead to the other one."""
        raised = self._evenings()
        for days in self.world.chance.shuffled(WAITS):
            at = next(raised)
            self._bounced(at, at + timedelta(days=days))

    def workers_down(self) -> None:
        """Story 14: clocks that ran out while nobody swept."""
        down = outage(self.world)
        for number in range(FOUND_LATE):
            due_at = down.begins_at + timedelta(minutes=12 + 26 * number)
            at = self.world.earlier("Bergen", due_at, timedelta(hours=4))
            thread = self.meet("Webinar", self.world.earlier("Bergen", at, HOUR / 2), country="NO")
            rep = self.floor.turn(people.MIDMARKET, at)
            with suppress(NotYetError):
                self.offer(thread, at, Place(people.MIDMARKET, rep, "Round robin of Mid-market EMEA"))
                self._accepted(thread, down.ends_at + timedelta(minutes=9 + 11 * number), rep.name)
            thread.finish()

    def _listed(self, at: datetime, outcome: str, *, gap: bool) -> None:
        firm = self._firm(at, self.world.chance.one_of(("DE", "NL", "GB", "SE")))
        broken = outcome == "missing"
        title = "" if gap else self.world.chance.one_of(names.BUYERS)
        thread = self.history.buyers.meet(
            firm, "Bought list", at - HOUR / 3, title=title, phone=not broken, consent=not broken
        )
        thread.campaign = self.world.campaigns["Compliance Checklist"]
        thread.lead.campaign = thread.campaign.row
        trigger = thread.touch("list_entry", at - HOUR / 3, campaign=thread.campaign)
        priya = self.world.people["Priya Raman"]
        place = Place(
            people.MIDMARKET, self.floor.turn(people.MIDMARKET, at), "Round robin of Mid-market EMEA"
        )
        with suppress(NotYetError):
            thread.mql(at - HOUR / 4, Basis.LIST, trigger=trigger, by=priya)
            thread.offer(at, place.team, place.person, by=priya, why=place.why)
            self._judge(thread, at, place, outcome)
        thread.finish()

    def _judge(self, thread: Thread, at: datetime, place: Place, outcome: str) -> None:
        rep = place.person or self.dana
        answered_at = self.world.later("Bergen", at, self.world.chance.minutes(75, 0.8))
        if outcome == "dead":
            note = "The phone is dead, and mail to this address comes back."
            self.cycles.reject_for(thread, answered_at, rep, "data_wrong", note=note)
            self.cycles.put_aside(thread, answered_at)
        elif outcome == "missing":
            self.cycles.reject_for(thread, answered_at, rep, "data_missing")
            self.cycles.put_aside(thread, answered_at)
        else:
            self.cycles.accept(thread, Plan(at, place, "", answered_at=answered_at), rep)
            self.cycles.pursue(thread, rep, qualifies=outcome == "sql")
            if outcome == "sql":
                self.cycles.selling.sell(thread, rep, 0.0)

    def _handed_over(self, thread: Thread, at: datetime, minutes: int) -> None:
        """Dana gives it to somebody who is there, and that one accepts."""
        to = self.floor.turn(people.MIDMARKET, at)
        team = self.world.teams[people.MIDMARKET]
        thread.do("reassign", at, self.dana, team=team.pk, person=to.pk)
        self._accepted(thread, self.world.later("Bergen", at, timedelta(minutes=minutes)), to.name)

    def _accepted(self, thread: Thread, at: datetime, name: str) -> None:
        rep = self.world.people[name]
        thread.do("accept", at, rep, data={"by": "act"})
        qualifies = self.world.chance.yes(0.2)
        self.cycles.pursue(thread, rep, qualifies=qualifies)
        if qualifies:
            self.cycles.selling.sell(thread, rep, 0.1)

    def _bounced(self, raised_at: datetime, tried_at: datetime) -> None:
        thread = self.meet("Webinar", raised_at, country="DE")
        offered_at = self.world.later("Bergen", raised_at, timedelta(minutes=self.world.chance.whole(9, 24)))
        reps = [self.floor.turn(people.MIDMARKET, raised_at), self.floor.turn(people.ENTERPRISE, raised_at)]
        back = self.floor.turn(people.MIDMARKET, offered_at)
        with suppress(NotYetError):
            self.offer(thread, offered_at, Place(people.MIDMARKET, reps[0], "Round robin of Mid-market EMEA"))
            at = self._moved(thread, offered_at, reps[0].name, people.ENTERPRISE, reps[1].pk)
            at = self._moved(thread, at, reps[1].name, people.MIDMARKET, back.pk)
            at = self.world.later("Bergen", at, timedelta(minutes=self.world.chance.whole(40, 80)))
            thread.do("accept", at, back, data={"by": "act"})
            self.cycles.try_once(thread, tried_at, back)
            self.cycles.pursue(thread, back, qualifies=False)
        thread.finish()

    def _moved(self, thread: Thread, at: datetime, by: str, team: str, person: int) -> datetime:
        """Within the four hours, so that the answer clock is never missed."""
        moved_at = self.world.later("Bergen", at, timedelta(minutes=self.world.chance.whole(120, 170)))
        data = {"reason": "wrong_size" if team == people.ENTERPRISE else "wrong_region"}
        place = self.world.teams[team].pk
        return thread.do("redirect", moved_at, self.world.people[by], team=place, person=person, data=data)

    def _evenings(self) -> Iterator[datetime]:
        """Mondays and Tuesdays, newest first, after which two teams work for three days."""
        day = self.world.at.astimezone(OSLO) - timedelta(days=8)
        while True:
            at = day.replace(hour=20, minute=day.day, second=7, microsecond=0).astimezone(
                self.world.at.tzinfo
            )
            following = (at + timedelta(hours=13), at + timedelta(hours=37), at + timedelta(days=2.6))
            works = all(
                is_open(self.world.hours[name], noon) for name in ("Bergen", "Hamburg") for noon in following
            )
            if day.weekday() < 2 and works:
                yield at
            day -= timedelta(days=1)

    def meet(self, source: str, at: datetime, *, country: str) -> Thread:
        """A lead that fits the definition of that time and has just met it."""
        firm = self._firm(at, country)
        thread = self.history.buyers.meet(
            firm, source, at - 2 * HOUR, title=self.world.chance.one_of(names.BUYERS), consent=True
        )
        kind = "content_download" if source == "Content" else "webinar"
        thread.touch(kind if source == "Content" else "webinar_registered", at - 2 * HOUR)
        trigger = thread.touch(kind, at)
        thread.mql(at, Basis.DEFINITION, trigger=trigger)
        return thread

    def offer(self, thread: Thread, at: datetime, place: Place) -> Handoff:
        return thread.offer(at, place.team, place.person, by=self.world.people["Priya Raman"], why=place.why)

    def _firm(self, at: datetime, country: str) -> Firm:
        while True:
            firm = self.history.pick(country, at)
            if (firm.employees or 0) < 2_000 and firm.country not in ("US", "CA"):
                return firm
