"""People, teams and calendars that tests of this app stand on."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from accounts.models import Membership, Team, User
from calendars.models import Calendar, CalendarVersion

numbers = count(1)
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
PASSWORD = "a long enough passphrase"


def make_person(name: str = "", role: str = "", **fields: Any) -> User:
    number = next(numbers)
    email = fields.pop("email", f"person{number}@example.com")
    return User.objects.create_user(
        email, name=name or f"Person {number:03}", organisation_role=role, password=None, **fields
    )


def make_hours(name: str, slug: str) -> Calendar:
    """A calendar as services make it: never without a version."""
    calendar = Calendar.objects.create(name=name, slug=slug)
    rules = {"tz": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
    CalendarVersion.objects.create(calendar=calendar, number=1, rules=rules, created_at=FIRST_DAY)
    return calendar


def make_team(name: str = "", function: str = "sales", **fields: Any) -> Team:
    number = next(numbers)
    calendar = fields.pop("calendar", None) or make_hours(f"Calendar {number}", f"calendar-{number}")
    return Team.objects.create(
        name=name or f"Team {number:03}",
        slug=f"team-{number}",
        function=function,
        calendar=calendar,
        **fields,
    )


def make_member(team: Team, role: str = "rep", **fields: Any) -> User:
    person = fields.pop("person", None) or make_person(fields.pop("name", ""))
    Membership.objects.create(user=person, team=team, role=role, **fields)
    return person
