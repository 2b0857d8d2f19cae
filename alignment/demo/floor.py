"""The sales floor: who gets an offer, and when it is answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import NormalDist

from accounts.models import User
from alignment.demo import people
from alignment.demo.companies import Firm
from alignment.demo.world import OSLO, World

PACE = {
    "Sofia Duarte": 0.7, "Lena Vogt": 0.85, "Tom Okafor": 1.0, "Idris Khan": 1.0, "Nadia Petrova": 1.1,
    "Kofi Mensah": 0.9, "Joana Reis": 1.2, "Marcus Bell": 2.2, "Ingrid Dahl": 1.0,
}  # fmt: skip
POOL_PACE = 3.0
AWAY = (timedelta(days=24), timedelta(days=14))  # Marcus, before today, and nobody covers
NEVER, NEVER_IN_POOL = 0.02, 0.09
# Story 6: of what the pool gets after 15:00, 56% is answered within 4 h; the median is 3.5 h.
POOL_MEDIAN, POOL_SIGMA = 210.0, 0.884
GOLDEN = 0.618_033_988_75
BLIND_AFTER = timedelta(hours=58)  # business time after which marketing takes an unanswered offer back


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offer lies."""

    team: str
    person: User | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens to an offer until it is answered, or taken back because nobody answered."""

    offered_at: datetime
    place: Place
    trigger: str
    minutes: float = 0.0
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    returned_at: datetime | None = None
    resupplied_at: datetime | None = None
    moved_at: datetime | None = None
    moved_to: Place | None = None
    booked: bool = False
    late_pool: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.answered_at or self.withdrawn_at or self.offered_at

    @property
    def holder(self) -> Place:
        return self.moved_to or self.place


class Floor:
    """Remembers whose turn it is and what Marcus has open."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._turns: Counter[str] = Counter()
        self._marcus: list[datetime] = []
        self._pool_offers = 0

    def plan(self, firm: Firm, offered_at: datetime, trigger: str, *, raised: bool, motion: str) -> Plan:
        """Everything until the answer."""
        place = self.place(firm, offered_at, raised=raised, motion=motion)
        late_pool = place.person is None and offered_at.astimezone(OSLO).hour >= 15
        plan = Plan(offered_at, place, trigger, late_pool=late_pool)
        if trigger == "demo_request" and place.person and self.world.chance.yes(0.3):
            return self._booked(plan)
        if late_pool:
            return self._after_three(plan)
        if self.world.chance.yes(NEVER_IN_POOL if place.person is None else NEVER):
            return self.unanswered(plan)
        return self._answered(plan)

    def place(self, firm: Firm, at: datetime, *, raised: bool, motion: str) -> Place:
        """As the routing rules say; the mid-market pool lies there for whoever is first."""
        team = team_for(firm, motion)
        if team == people.MIDMARKET and not raised:
            late = at.astimezone(OSLO).hour >= 15
            if self.world.chance.yes(0.93 if late else 0.1):
                return Place(team, None, f"Pool of {team}")
        return Place(team, self.turn(team, at), f"Round robin of {team}")

    def turn(self, team: str, at: datetime) -> User:
        """The next rep who is there."""
        names = people.REPS[team]
        free = [name for name in names if not self.is_away(name, at)]
        name = min(free, key=lambda name: self._turns[name])
        self._turns[name] += 1
        return self.world.people[name]

    def is_away(self, name: str, at: datetime) -> bool:
        first, last = AWAY
        return name == "Marcus Bell" and self.world.at - first <= at < self.world.at - last

    def minutes(self, place: Place, at: datetime, trigger: str) -> float:
        """Business minutes until the answer."""
        median, sigma = (9.0, 0.8) if trigger == "demo_request" else (70.0, 0.95)
        name = place.person.name if place.person else ""
        pace = PACE.get(name, POOL_PACE)
        if name == "Marcus Bell":
            self._marcus = [until for until in self._marcus if until > at]
            pace *= 1.8 if len(self._marcus) >= 5 else 1.0
        local = at.astimezone(OSLO)
        if local.weekday() == 0 and local.hour < 10:
            pace *= 1.4
        return self.world.chance.lognormal(median * pace, sigma)

    def calendar(self, team: str, trigger: str) -> str:
        return "Duty" if trigger == "demo_request" else people.TEAMS[team].calendar

    def unanswered(self, plan: Plan) -> Plan:
        calendar = people.TEAMS[plan.place.team].calendar
        amount = BLIND_AFTER * self.world.chance.between(0.8, 1.3)
        return replace(plan, withdrawn_at=self.world.later(calendar, plan.offered_at, amount), minutes=5_000)

    def _booked(self, plan: Plan) -> Plan:
        """The buyer books a meeting in the rep's calendar, which accepts for the rep."""
        seconds = timedelta(seconds=self.world.chance.whole(20, 200))
        return replace(plan, answered_at=plan.offered_at + seconds, booked=True, minutes=1)

    def _after_three(self, plan: Plan) -> Plan:
        """Quantiles in a sequence that fills evenly, so that the story is the same at every start."""
        self._pool_offers += 1
        quantile = (self._pool_offers * GOLDEN) % 1
        if quantile > 1 - NEVER_IN_POOL:
            return self.unanswered(plan)
        minutes = POOL_MEDIAN * 2.718_281_828 ** (POOL_SIGMA * NormalDist().inv_cdf(max(quantile, 1e-6)))
        calendar = people.TEAMS[plan.place.team].calendar
        answered_at = self.world.later(calendar, plan.offered_at, timedelta(minutes=minutes))
        return replace(plan, answered_at=answered_at, minutes=minutes)

    def _answered(self, plan: Plan) -> Plan:
        minutes = self.minutes(plan.place, plan.offered_at, plan.trigger)
        calendar = self.calendar(plan.place.team, plan.trigger)
        at = self.world.later(calendar, plan.offered_at, timedelta(minutes=minutes))
        if plan.place.person and plan.place.person.name == "Marcus Bell":
            self._marcus.append(at)
        if self.world.chance.yes(0.06) and plan.place.team != people.ACCOUNTS:
            return self._redirected(replace(plan, minutes=minutes, moved_at=at))
        if self.world.chance.yes(0.04):
            return self._returned(replace(plan, minutes=minutes, returned_at=at))
        return replace(plan, minutes=minutes, answered_at=at)

    def _redirected(self, plan: Plan) -> Plan:
        """Once, to the other team."""
        moved_at = plan.moved_at or plan.offered_at
        team = people.MIDMARKET if plan.place.team == people.ENTERPRISE else people.ENTERPRISE
        place = Place(team, self.turn(team, moved_at), "Redirected")
        minutes = self.minutes(place, moved_at, plan.trigger)
        calendar = self.calendar(team, plan.trigger)
        answered_at = self.world.later(calendar, moved_at, timedelta(minutes=minutes))
        return replace(plan, moved_to=place, answered_at=answered_at, minutes=max(minutes, plan.minutes))

    def _returned(self, plan: Plan) -> Plan:
        returned_at = plan.returned_at or plan.offered_at
        resupplied_at = self.world.later("Bergen", returned_at, self.world.chance.minutes(300, 0.6))
        calendar = self.calendar(plan.place.team, plan.trigger)
        waited = self.world.chance.minutes(40, 0.7)
        answered_at = self.world.later(calendar, resupplied_at, waited)
        return replace(plan, resupplied_at=resupplied_at, answered_at=answered_at)


def team_for(firm: Firm, motion: str) -> str:
    """Routing by motion, country and size."""
    if motion == "expansion":
        return people.ACCOUNTS
    if firm.country in ("US", "CA"):
        return people.AMERICAS
    return people.ENTERPRISE if (firm.employees or 0) >= 2_000 else people.MIDMARKET
