"""Who works at Northwater: teams, people, roles and absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import Absence, Membership, Organisation, Team, User
from calendars.models import Calendar

ORGANISATION = "Northwater Systems"
ZONE = "Europe/Oslo"
DOMAIN = "northwater.example"

MIDMARKET = "Mid-market EMEA"
ENTERPRISE = "Enterprise"
AMERICAS = "Americas development"
AMERICAS_SALES = "Americas sales"
ACCOUNTS = "Accounts"
DEMAND = "Demand generation"
CONTENT = "Content"
PARTNERS = "Partner marketing"


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """One team as it is set up."""

    function: str
    calendar: str
    routing: str = "pool"
    countries: tuple[str, ...] = ()
    min_employees: int | None = None
    position: int = 0
    passes_to: str = ""


TEAMS = {
    AMERICAS_SALES: TeamPlan("sales", "Boston", "round_robin", ("US", "CA"), position=4),
    AMERICAS: TeamPlan(
        "development", "Boston", "round_robin", ("US", "CA"), position=1, passes_to=AMERICAS_SALES
    ),
    ENTERPRISE: TeamPlan("sales", "Hamburg", "round_robin", (), 2_000, position=2),
    MIDMARKET: TeamPlan("sales", "Bergen", "pool", (), position=3),
    ACCOUNTS: TeamPlan("account_management", "Bergen", position=5),
    DEMAND: TeamPlan("demand", "Bergen", position=6),
    CONTENT: TeamPlan("content", "Bergen", position=7),
    PARTNERS: TeamPlan("partner", "Hamburg", position=8),
}

# Name, role in the organisation, seats (team, role). The first of each role is offered on the sign-in page.
PEOPLE: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Lena Vogt", "", ((MIDMARKET, "rep"),)),
    ("Priya Raman", "operations", ((DEMAND, "marketing"),)),
    (
        "Dana Whitfield",
        "",
        (
            (MIDMARKET, "sales_manager"),
            (ENTERPRISE, "sales_manager"),
            (AMERICAS, "sales_manager"),
            (AMERICAS_SALES, "sales_manager"),
            (ACCOUNTS, "sales_manager"),
        ),
    ),
    ("Elise Moreau", "", ((DEMAND, "marketing_manager"), (CONTENT, "marketing_manager"))),
    ("Amal Haddad", "admin", ()),
    ("Victor Lindqvist", "read_only", ()),
    ("Helen Marsh", "read_only", ()),
    ("Jonas Weber", "", ((DEMAND, "marketing"),)),
    ("Mei Tanaka", "", ((CONTENT, "marketing"),)),
    ("Pavel Novak", "", ((PARTNERS, "marketing"),)),
    ("Tom Okafor", "", ((MIDMARKET, "rep"),)),
    ("Marcus Bell", "", ((MIDMARKET, "rep"),)),
    ("Nadia Petrova", "", ((MIDMARKET, "rep"),)),
    ("Idris Khan", "", ((ENTERPRISE, "rep"),)),
    ("Sofia Duarte", "", ((ENTERPRISE, "rep"),)),
    ("Kofi Mensah", "", ((AMERICAS, "rep"),)),
    ("Joana Reis", "", ((AMERICAS, "rep"),)),
    ("Rachel Stein", "", ((AMERICAS_SALES, "rep"),)),
    ("Ingrid Dahl", "", ((ACCOUNTS, "rep"),)),
)
ZONES = {AMERICAS: "America/New_York", AMERICAS_SALES: "America/New_York", ENTERPRISE: "Europe/Berlin"}
REPS = {
    MIDMARKET: ("Lena Vogt", "Tom Okafor", "Marcus Bell", "Nadia Petrova"),
    ENTERPRISE: ("Idris Khan", "Sofia Duarte"),
    AMERICAS: ("Kofi Mensah", "Joana Reis"),
    ACCOUNTS: ("Ingrid Dahl",),
}


def email_of(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def create_organisation() -> None:
    Organisation.objects.update_or_create(
        pk=1, defaults={"name": ORGANISATION, "time_zone": ZONE, "currency": "USD"}
    )


def create_people() -> dict[str, User]:
    """One unguessable password serves all: in the demo people sign in by one click."""
    password = make_password(get_random_string(40))
    rows = [
        User(
            email=email_of(name), name=name, organisation_role=role, password=password, time_zone=_zone(seats)
        )
        for name, role, seats in PEOPLE
    ]
    return {person.name: person for person in User.objects.bulk_create(rows)}


def create_teams(calendars: dict[str, Calendar], people: dict[str, User]) -> dict[str, Team]:
    """Teams in an order in which each one's next team exists already, then their seats."""
    teams: dict[str, Team] = {}
    for name, plan in TEAMS.items():
        teams[name] = Team.objects.create(
            name=name,
            slug=slugify(name),
            function=plan.function,
            calendar=calendars[plan.calendar],
            routing=plan.routing,
            countries=list(plan.countries),
            min_employees=plan.min_employees,
            position=plan.position,
            full_cycle=not plan.passes_to,
            passes_to=teams.get(plan.passes_to),
        )
    Membership.objects.bulk_create(
        Membership(user=people[name], team=teams[team], role=role, open_offer_cap=_cap(role))
        for name, _, seats in PEOPLE
        for team, role in seats
    )
    return teams


def create_absences(people: dict[str, User], at: datetime) -> None:
    """Marcus's that nobody covered (story 3), one of last month, and Lena's that comes."""
    spans = (
        ("Marcus Bell", -24, -14, None, "Holiday"),
        ("Sofia Duarte", -51, -44, "Idris Khan", "Holiday"),
        ("Kofi Mensah", -88, -81, "Joana Reis", "Training"),
        ("Lena Vogt", 11, 16, "Tom Okafor", "Holiday"),
    )
    Absence.objects.bulk_create(
        Absence(
            person=people[name],
            from_at=at + timedelta(days=first),
            until_at=at + timedelta(days=last),
            cover=people[cover] if cover else None,
            note=note,
        )
        for name, first, last, cover, note in spans
    )


def _zone(seats: tuple[tuple[str, str], ...]) -> str:
    return ZONES.get(seats[0][0], "") if len(seats) == 1 else ""


def _cap(role: str) -> int | None:
    return 12 if role == "rep" else None
