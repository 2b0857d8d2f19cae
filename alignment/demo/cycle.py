"""One cycle as it went: offered, answered, worked on, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from alignment.demo import meetings, people
from alignment.demo.arrivals import SOURCES, Source
from alignment.demo.floor import Plan
from alignment.demo.selling import Selling
from alignment.demo.thread import Thread
from alignment.demo.world import OSLO, World
from leads.models import Meeting

LIST = Source(0, 1, 0.55, 0.1, 0.0)
GROUPS = {"definition": 0.34, "data": 0.24, "known": 0.18, "buyer": 0.14, "other": 0.10}
REJECTIONS = {
    "definition": {"below_criterion": 1.0},
    "data": {"data_missing": 0.45, "data_wrong": 0.55},
    "known": {"customer": 0.2, "open_deal": 0.3, "duplicate": 0.25, "being_worked": 0.25},
    "buyer": {"student": 0.3, "job_seeker": 0.15, "supplier": 0.25, "competitor": 0.2, "spam": 0.1},
    "other": {"other": 1.0},
}
CRITERIA = {"/all/0": 0.34, "/all/1": 0.16, "/all/2/any/0": 0.3, "/all/3/any/1": 0.2}
RETURNS = {
    "phone_missing": ["lead.phone"],
    "company_unclear": ["lead.company"],
    "role_unclear": ["lead.title"],
}
CHANNELS = {"call": 0.48, "email": 0.40, "message": 0.12}
CONTACT = {"call": 0.17, "email": 0.09, "message": 0.09}
SILENT = {
    "call": {"no_answer": 0.55, "voicemail": 0.25, "gatekeeper": 0.17, "wrong_number": 0.03},
    "email": {"no_answer": 0.93, "bounced": 0.07},
    "message": {"no_answer": 1.0},
}
SPOKEN = {"call": "talked", "email": "replied", "message": "replied"}
DISQUALIFIED = {
    "no_need": 0.4,
    "no_budget": 0.2,
    "no_authority": 0.16,
    "chose_competitor": 0.12,
    "wrong_person": 0.12,
}
ATTEMPTS = 4.4
AT_FIRST = 0.7  # of a source's share of won; customers and those who come back make up the rest
CALIBRATION = 1.15  # keeps the shares of the table although late answers cost some


@dataclass(frozen=True, slots=True)
class Target:
    """What is agreed for one offer."""

    minutes: float

    @classmethod
    def of(cls, world: World, plan: Plan) -> Target:
        signed = [version for version in world.contract if version.effective_from]
        number = max(v.number for v in signed if v.effective_from and v.effective_from <= plan.offered_at)
        return cls({1: 240, 2: 60, 3: 30}[number] if plan.trigger == "demo_request" else 240)


class Cycles:
    """Tells what becomes of offers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.selling = Selling(world)

    def tell(self, thread: Thread, plan: Plan, *, won: float | None = None) -> None:
        """From the offer to the end. `won` overrules the source's share of SQLs that are won."""
        source = SOURCES.get(thread.lead.source, LIST)
        automatic = thread.qualification is not None and thread.qualification.hand_raise
        by = None if automatic else self.marketer(thread)
        thread.offer(plan.offered_at, plan.place.team, plan.place.person, by=by, why=plan.place.why)
        if plan.answered_at is None:
            self._taken_back(thread, plan)
            return
        self._before_the_answer(thread, plan)
        holder = plan.holder.person or self.world.chance.one_of(self._pool())
        if not self.world.chance.yes(source.accepted / (1 - self._never(plan))):
            self.reject(thread, plan.answered_at, holder)
            return
        self.accept(thread, plan, holder)
        qualifies = self.world.chance.yes(self._sql_share(thread, plan, source, won))
        self.pursue(thread, holder, qualifies=qualifies, booked=plan.booked)
        if qualifies:
            self.selling.sell(thread, holder, source.won * AT_FIRST if won is None else won)

    def marketer(self, thread: Thread) -> User:
        name = "Pavel Novak" if thread.lead.source == "Partner" else self.world.chance.one_of(OFFERERS)
        return self.world.people[name]

    def accept(self, thread: Thread, plan: Plan, holder: User) -> None:
        """By an act, by the first attempt, or by the buyer who booked."""
        at = plan.answered_at or plan.offered_at
        chance = self.world.chance
        if plan.booked:
            thread.do("accept", at, holder, data={"by": "booking"})
        elif chance.yes(0.35 if plan.trigger == "demo_request" else 0.2):
            self.try_once(thread, at, holder)
        else:
            thread.do("accept", at, holder, data={"by": "act"})

    def reject(self, thread: Thread, at: datetime, by: User) -> None:
        group = self.world.chance.weighed(GROUPS)
        key = self.world.chance.weighed(REJECTIONS[group])
        self.reject_for(thread, at, by, key)
        if self.world.reasons["reject", key].next_step == "fix":
            self.put_aside(thread, at)

    def reject_for(
        self, thread: Thread, at: datetime, by: User, key: str, *, note: str = "", criterion: str = ""
    ) -> None:
        reason = self.world.reasons["reject", key]
        if key == "below_criterion":
            criterion = criterion or self.world.chance.weighed(CRITERIA)
        until = self._later_day(at, 90) if reason.next_step == "nurture" else None
        thread.close_with(
            "reject", key, at, by, next_step=reason.next_step, data={"criterion": criterion}, until=until,
            note=note or ("Called the number on the site: nobody knows the name." if reason.note_required else ""),
        )  # fmt: skip
        if thread.handoff is not None:
            thread.handoff.criterion = criterion
        thread.sleep_until(until)

    def try_once(self, thread: Thread, at: datetime, by: User, *, contact: bool | None = None) -> bool:
        """One attempt; whether contact was made."""
        chance = self.world.chance
        channel = chance.weighed(CHANNELS)
        made = chance.yes(CONTACT[channel]) if contact is None else contact
        outcome = SPOKEN[channel] if made else chance.weighed(SILENT[channel])
        minutes = chance.whole(3, 24) if made and channel == "call" else None
        thread.attempt(at, by, channel, outcome, minutes=minutes)
        return made

    def pursue(self, thread: Thread, holder: User, *, qualifies: bool, booked: bool = False) -> None:
        """Attempts until contact is made or hope is given up, then the outcome."""
        chance, calendar = self.world.chance, people.TEAMS[self._team(thread)].calendar
        cycle = thread.journey.cycle
        tried, made = (cycle.attempts_count, cycle.contact_made) if cycle else (0, False)
        wanted = min(chance.geometric(ATTEMPTS), 11)
        if qualifies and not made:
            wanted = max(wanted, tried + 1)
        pause = timedelta(minutes=chance.between(15, 90))
        if booked:
            starts_at = self.world.later(calendar, thread.last_at, pause * 12)
            meeting = meetings.plan(thread, thread.last_at, starts_at, holder, by_buyer=True)
            made = self._meet(thread, meeting, holder)
            tried = 1
        for number in range(tried + 1, wanted + 1):
            if number > 1:
                pause = chance.minutes(400, 0.7)
            sure = True if qualifies and number == wanted else None
            at = self.world.later(calendar, thread.last_at, pause)
            made = self.try_once(thread, at, holder, contact=sure) or made
        at = self.world.later(calendar, thread.last_at, chance.minutes(240 if qualifies else 700, 0.8))
        if not qualifies:
            self.give_up(thread, at, holder, made=made, tried=max(wanted, tried))
        else:
            self.selling.qualify(thread, at, holder)

    def _meet(self, thread: Thread, meeting: Meeting, holder: User) -> bool:
        """The meeting that the buyer booked."""
        held = not self.world.chance.yes(0.18)
        outcome, minutes = ("meeting_held", self.world.chance.whole(20, 55)) if held else ("no_show", None)
        thread.attempt(meeting.starts_at, holder, "meeting", outcome, minutes=minutes, origin="calendar")
        meetings.over(thread, meeting, thread.last_at, holder, held=held)
        return held

    def give_up(self, thread: Thread, at: datetime, holder: User, *, made: bool, tried: int) -> None:
        """Recycle or disqualify, for a reason that fits what was tried."""
        chance = self.world.chance
        reached = made or tried < 5
        if chance.yes(0.45):
            until = self._later_day(at, chance.whole(45, 170))
            key = chance.one_of(("wrong_time", "no_budget_yet")) if reached else "unable_to_reach"
            thread.close_with("recycle", key, at, holder, until=until)
            thread.sleep_until(until)
        else:
            key = chance.weighed(DISQUALIFIED) if reached else "unable_to_reach"
            thread.close_with("disqualify", key, at, holder)

    def _before_the_answer(self, thread: Thread, plan: Plan) -> None:
        holder = plan.place.person or self.world.people["Tom Okafor"]
        if plan.returned_at and plan.resupplied_at:
            key = self.world.chance.one_of(tuple(RETURNS))
            thread.do("return", plan.returned_at, holder, data={"reason": key, "fields": RETURNS[key]})
            thread.do("resupply", plan.resupplied_at, self.world.people["Priya Raman"])
        if plan.moved_at and plan.moved_to:
            to = plan.moved_to
            whom = to.person.pk if to.person else None
            data = {"reason": self.world.chance.one_of(("wrong_region", "wrong_size", "other_owner"))}
            thread.do(
                "redirect", plan.moved_at, holder, team=self.world.teams[to.team].pk, person=whom, data=data
            )

    def _taken_back(self, thread: Thread, plan: Plan) -> None:
        if plan.withdrawn_at is None:
            return
        priya = self.world.people["Priya Raman"]
        thread.close_with("withdraw", "not_answered", plan.withdrawn_at, priya)
        self.put_aside(thread, plan.withdrawn_at)

    def put_aside(self, thread: Thread, at: datetime) -> None:
        """What comes back to marketing is set aside within days."""
        later = self.world.later("Bergen", at, self.world.chance.minutes(110, 0.8))
        key = self.world.chance.one_of(("no_interest", "no_fit"))
        stage = "recycled" if key == "no_interest" else "disqualified"
        thread.do("set_aside", later, self.world.people["Priya Raman"], stage=stage, data={"reason": key})

    def _sql_share(self, thread: Thread, plan: Plan, source: Source, won: float | None) -> float:
        """Late answers cost; fit helps. `won` given means a buyer who came back by himself."""
        if won is not None:
            return 0.6
        share = source.sql * CALIBRATION
        if plan.minutes > Target.of(self.world, plan).minutes:
            share *= 0.7 if plan.trigger == "demo_request" else (0.65 if plan.minutes > 540 else 0.8)
        grade = thread.qualification.grade if thread.qualification else "B"
        return share * {"A": 1.3, "C": 0.7}.get(grade, 1.0)

    def _never(self, plan: Plan) -> float:
        return 0.09 if plan.place.person is None else 0.02

    def _pool(self) -> list[User]:
        return [self.world.people[name] for name in ("Tom Okafor", "Lena Vogt", "Nadia Petrova")]

    def _team(self, thread: Thread) -> str:
        cycle = thread.journey.cycle
        return next(name for name, team in self.world.teams.items() if cycle and team.pk == cycle.team)

    def _later_day(self, at: datetime, days: int) -> date:
        return at.astimezone(OSLO).date() + timedelta(days=days)


OFFERERS = ("Priya Raman", "Priya Raman", "Jonas Weber", "Mei Tanaka")
