"""What stands around the leads of the model: people, teams, hours and contract versions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.sla.machine.clock import Promise
from tests.sla.machine.hours import ALWAYS, Hours

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 3, 5, 12, tzinfo=UTC)  # a Thursday; both zones change their clocks within the month
WEEK = ("mon", "tue", "wed", "thu", "fri")
HOURS = {
    "press": Hours("Europe/Oslo", WEEK, (("08:00", "16:00"),)),
    "oslo": Hours("Europe/Oslo", WEEK, (("09:00", "17:00"),)),
    "boston": Hours("America/New_York", WEEK, (("09:00", "12:00"), ("13:00", "17:00"))),
    "tokyo": Hours("Asia/Tokyo", (*WEEK, "sat"), (("10:00", "18:00"),)),
}
TEAMS = {"press": "press", "a": "oslo", "b": "boston", "c": "tokyo"}  # the hours of each, at first
OFFICE = "oslo"  # named in the contract
PROMISES = {
    "handover": Promise(4 * HOUR, "team"),
    "buyer_wait": Promise(30 * HOUR),
    "answer": Promise(4 * HOUR, "team"),
    "first_response": Promise(6 * HOUR, "office"),
    "rework": Promise(8 * HOUR, "team"),
    "follow_up": Promise(20 * HOUR, "team", attempts=3),
    "disposition": Promise(40 * HOUR, restarts=True),
    "take": Promise(8 * HOUR, "team"),
    "re_response": Promise(4 * HOUR, "team"),
}
RAISED_HAND = Promise(HOUR)  # the answer to a hand raise
OWED_BY_MARKETING = ("handover", "buyer_wait", "rework")


@dataclass
class Person:
    team: str
    role: str
    active: bool = True


def people() -> dict[str, Person]:
    return {
        "marketer": Person("press", "marketing_manager"),
        "a1": Person("a", "rep"),
        "a2": Person("a", "rep"),
        "ma": Person("a", "sales_manager"),
        "b1": Person("b", "rep"),
        "mb": Person("b", "sales_manager"),
        "c1": Person("c", "rep"),
        "mc": Person("c", "sales_manager"),
    }


def named_hours() -> dict[str, Hours]:
    return {name: replace(hours, name=name) for name, hours in HOURS.items()}


@dataclass(frozen=True)
class Version:
    """One contract version: in force from a moment until the next one."""

    since: datetime
    promises: dict[str, Promise]
    raised_hand: Promise = RAISED_HAND


@dataclass
class World:
    now: datetime = BEGIN
    people: dict[str, Person] = field(default_factory=people)
    hours: dict[str, Hours] = field(default_factory=named_hours)
    versions: list[Version] = field(default_factory=lambda: [Version(BEGIN - 400 * 24 * HOUR, PROMISES)])

    def revise(self, name: str, hours: Hours) -> None:
        """A new version, unless it says what the one before says."""
        before = self.hours[name]
        if hours.rules() != before.rules():
            self.hours[name] = replace(hours, name=name, version=before.version + 1)

    def promise(self, kind: str, hand_raise: bool) -> Promise:
        version = next(version for version in reversed(self.versions) if version.since <= self.now)
        return version.raised_hand if kind == "answer" and hand_raise else version.promises[kind]

    def hours_for(self, promise: Promise, kind: str, team: str) -> Hours:
        if promise.by == "always":
            return ALWAYS
        if promise.by == "office":
            return self.hours[OFFICE]
        return self.hours[TEAMS["press" if kind in OWED_BY_MARKETING else team]]

    def manages(self, person: str, team: str) -> bool:
        found = self.people[person]
        return found.team == team and found.role == "sales_manager"

    def manager_of(self, team: str) -> str | None:
        found = (name for name, person in self.people.items() if self.manages(name, team) and person.active)
        return next(found, None)
