"""Everything that the story of the demo refers to, at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.models import Team, User
from alignment.demo import agreement, calendars, campaigns, companies, people, vocabulary
from alignment.demo.campaigns import Running
from alignment.demo.chance import Chance
from alignment.demo.companies import Firm
from calendars.engine.business_time import BusinessCalendar, add_business_time, subtract_business_time
from calendars.models import Calendar
from definitions.models import DefinitionVersion
from leads.models import Reason, TouchKind
from sla.models import ContractVersion

OSLO = ZoneInfo(people.ZONE)
MONTHS = 13


@dataclass
class World:
    """The company as it stands before any lead has come."""

    at: datetime
    chance: Chance
    people: dict[str, User]
    teams: dict[str, Team]
    calendars: dict[str, Calendar]
    hours: dict[str, BusinessCalendar]
    kinds: dict[str, TouchKind]
    reasons: dict[tuple[str, str], Reason]
    campaigns: dict[str, Running]
    definitions: dict[str, list[DefinitionVersion]]
    contract: list[ContractVersion]
    firms: list[Firm]
    known: dict[str, Firm] = field(default_factory=dict)

    @cached_property
    def raising(self) -> frozenset[int]:
        """Kinds of touches that ask for a person."""
        return frozenset(kind.pk for kind in self.kinds.values() if kind.hand_raise)

    def hours_of(self, team: str) -> BusinessCalendar:
        return self.hours[people.TEAMS[team].calendar]

    def later(self, calendar: str, start: datetime, amount: timedelta) -> datetime:
        """The moment at which this much working time of a calendar has passed."""
        return add_business_time(self.hours[calendar], start, amount)

    def earlier(self, calendar: str, end: datetime, amount: timedelta) -> datetime:
        return subtract_business_time(self.hours[calendar], end, amount)

    def mql_version(self, at: datetime) -> DefinitionVersion:
        """The version in force at a moment."""
        begun = [v for v in self.definitions["mql"] if v.effective_from and v.effective_from <= at]
        return begun[-1]


def begins(at: datetime) -> datetime:
    """The first moment of the history: 13 full months before the one of `at`."""
    local = at.astimezone(OSLO)
    months = local.year * 12 + local.month - 1 - MONTHS
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=OSLO).astimezone(at.tzinfo)


def create(at: datetime) -> World:
    """Write organisation, people, agreement and campaigns; invent the companies, which are not written yet."""
    chance = Chance()
    people.create_organisation()
    made_calendars = calendars.create(at.date())
    persons = people.create_people()
    teams = people.create_teams(made_calendars, persons)
    people.create_absences(persons, at)
    kinds, reasons = vocabulary.create_touch_kinds(), vocabulary.create_reasons()
    vocabulary.create_custom_fields()
    agreed = agreement.agree(persons, at)
    firms = companies.invent(chance, begins(at))
    return World(
        at=at, chance=chance, people=persons, teams=teams, calendars=made_calendars,
        hours=calendars.hours_of(made_calendars), kinds=kinds, reasons=reasons,
        campaigns=campaigns.create(persons, at), definitions=agreed.definitions, contract=agreed.contract, firms=firms,
        known={firm.row.name: firm for firm in firms[: len(companies.KNOWN)]},
    )  # fmt: skip
