"""One of everything, one person of each role, and every route asked by them: what the walks over all routes share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import Absence, Team, User
from accounts.services import keys
from desk.models import BulkRun, SavedView
from desk.services import bulk_runs
from desk.services.bulk_runs import Order
from intake.services import runs
from leads.models import BriefVersion, Campaign, Deal, Handoff
from notifications.models import Notice
from sla.models import Breach, ContractVersion
from sla.services import clocks
from tests.architecture.bodies import bodies, make_reasons
from tests.architecture.routes import Route, routes
from tests.factories import (
    HOUR,
    NOON,
    make_campaign,
    make_company,
    make_definition,
    make_field,
    make_handoff,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
    make_touch_kind,
)
from tests.intake.files import lines
from tests.sla.makers import draft, make_contract, promise

METHODS = ("get", "post", "put", "patch", "delete")
WRITES = METHODS[1:]
ROLES = (
    "rep",
    "other team's rep",
    "sales manager",
    "marketing",
    "marketing manager",
    "operations",
    "admin",
    "read-only",
)


REOPENED = ("desk:handoff-reopen public_id", "api:handoff-reopen public_id")
World = dict[str, Any]


class UndoneError(Exception):
    """Raised to roll one request back."""


def make_world() -> World:
    """`people` by role; `known`: what stands for each parameter in an address; `bodies`: what a POST says."""
    team, other = make_team(name="Mid-market"), make_team(name="Enterprise")
    people = make_people(team, other, make_team(function="demand"))
    campaign, company = make_campaign(), make_company()
    Team.objects.filter(pk=team.pk).update(passes_to=other)
    contracts = rows_of_contracts()
    handoff = make_offer(team, people["rep"], lead=make_mql(company=company, campaign=campaign))
    clocks.breach_overdue(NOON + 2 * HOUR)
    known = {
        **rows_of_leads(handoff, campaign),
        **rows_of_settings(team, people["rep"]),
        **contracts,
        "breaches/": Breach.objects.get().public_id,
        **rows_of_one_person(people["rep"]),
        "other team": other.public_id,
        **dict.fromkeys(REOPENED, make_handoff("recycled", team=team, holder=people["rep"]).public_id),
        "lead to offer": make_mql().public_id,
        "bulk/public_id": a_bulk_run(people["marketing"]).public_id,
        "import/": runs.upload("a.csv", lines("email", "a@b.example"), by=people["marketing"]).public_id,
        "slug": "win-rate", "metrics/": "win-rate", "signals/": "month-end", "kind": "volume", "year": "2026",
    }  # fmt: skip
    words = {key: str(value) for key, value in known.items()}
    return {"known": words, "people": people, "bodies": bodies(words)}


def make_people(team: Team, other: Team, demand: Team) -> dict[str, User]:
    return {
        "rep": make_member(team),
        "other team's rep": make_member(other),
        "sales manager": make_member(team, "sales_manager"),
        "marketing": make_member(demand, "marketing"),
        "marketing manager": make_member(demand, "marketing_manager"),
        "operations": make_person(role="operations"),
        "admin": make_person(role="admin"),
        "read-only": make_person(role="read_only"),
    }


def rows_of_leads(handoff: Handoff, campaign: Campaign) -> dict[str, Any]:
    company = handoff.lead.company
    deal = Deal.objects.create(name="Pumps", company=company, currency="USD", opened_at=NOON)
    BriefVersion.objects.create(campaign=campaign, number=1, published_at=NOON)
    return {
        "leads/": handoff.lead.public_id, "handoffs/": handoff.public_id, "companies/": company.public_id,
        "deals/": deal.public_id, "qualifications/": handoff.qualification.public_id,
        "campaigns/": campaign.slug, "brief/": 1, "act": "offer",
    }  # fmt: skip


def rows_of_settings(team: Team, rep: User) -> dict[str, Any]:
    version, kind = make_definition(), make_touch_kind("webinar")
    make_reasons()
    Absence.objects.create(person=rep, from_at=NOON, until_at=NOON + timedelta(days=9_999))
    return {
        "people/": rep.public_id, "teams/": team.public_id, "members/": rep.public_id,
        "dashboards:promise-rows kind": "nurture",
        "calendars/": team.calendar.public_id, "reasons/": "reject", "key": "wrong",
        "touch-kinds/": kind.key, "touch kind": kind.pk, "fields/": make_field("sites").name, "definitions/": "mql",
        "number": version.number, "verb": "reject",
        "definitions:propose number": make_definition(status="draft").number,
        "definitions:sign number": make_definition(status="proposed").number,
        "definitions:take-back number": make_definition(status="proposed").number,
        "definitions:write key": "sql",
    }  # fmt: skip


def a_bulk_run(person: User) -> BulkRun:
    return bulk_runs.start(Order("offer", {"to": "routing"}, "offered", ""), [make_mql().pk], by=person)


def rows_of_contracts() -> dict[str, Any]:
    """One version in force; one that is proposed, and one that is drafted."""
    signed, proposed, drafted = make_contract(answer=HOUR), draft(), draft()
    for version in (proposed, drafted):
        kept = promise(version, "answer", HOUR)
    ContractVersion.objects.filter(pk=proposed.pk).update(status="proposed")
    drafting = ("edit", "promise", "promise-new", "promise-move", "promise-remove", "propose")
    signing = ("amendment", "sign", "send-back", "discussion")
    return {
        "promises/public_id": kept.public_id, "contract/": signed.number, "side": "sales",
        **{f"sla:contract-{name} number": drafted.number for name in drafting},
        **{f"sla:contract-{name} number": proposed.number for name in signing},
    }  # fmt: skip


def rows_of_one_person(person: User) -> dict[str, Any]:
    """What nobody else sees."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    key, _ = keys.create(person, scopes=["leads:read"])
    return {
        "notices/": Notice.objects.create(person=person, topic="x", text="x", at=NOON).public_id,
        "views/": SavedView.objects.create(person=person, name="Mine", query="view=all").public_id,
        "keys/": key.public_id,
    }


@contextmanager
def rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise UndoneError
    except UndoneError:
        pass


def ask(client: Client, method: str, route: Route, world: World, **headers: str) -> HttpResponse:
    address, known = route.address(world["known"]), world["bodies"]
    is_api = route.name.startswith("api:")
    content: dict[str, Any] = {"content_type": "application/json"} if is_api and method != "get" else {}
    if method == "post":
        content["data"] = known.get(route.name, known["api" if is_api else "form"])
    answer: HttpResponse = getattr(client, method)(address, headers=headers or None, **content)
    return answer


def walk(
    client: Client, world: World, methods: tuple[str, ...], within: str = "", **headers: str
) -> Iterator[tuple[Route, str, Any]]:
    """Routes whose names begin with `within`; each request is undone before the next."""
    for route in routes():
        if route.name == "account_logout" or not route.name.startswith(within):
            continue  # signing out would end the walk; its own test does
        for method in methods:
            with rolled_back():
                yield route, method, ask(client, method, route, world, **headers)


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def shown(person: User) -> dict[str, str]:
    """A key for everything, made when the person could do everything."""
    User.objects.filter(pk=person.pk).update(organisation_role="admin")
    _, secret = keys.create(User.objects.get(pk=person.pk), scopes=["all"])
    User.objects.filter(pk=person.pk).update(organisation_role=person.organisation_role)
    return {"Authorization": f"Bearer {secret}"}
