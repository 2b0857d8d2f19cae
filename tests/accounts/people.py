"""People, teams and calendars that tests of this app stand on."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Membership, Team, User
from calendars.models import Calendar

numbers = count(1)
PASSWORD = "a long enough passphrase"


def make_person(name: str = "", role: str = "", **fields: Any) -> User:
    number = next(numbers)
    email = fields.pop("email", f"person{number}@example.com")
    return User.objects.create_user(
        email, name=name or f"Person {number:03}", organisation_role=role, password=None, **fields
    )


def make_team(name: str = "", function: str = "sales", **fields: Any) -> Team:
    number = next(numbers)
    calendar = fields.pop("calendar", None) or Calendar.objects.create(
        name=f"Calendar {number}", slug=f"calendar-{number}"
    )
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
