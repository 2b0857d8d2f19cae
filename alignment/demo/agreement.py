"""What Northwater agreed on: the versions of its definitions and of its contract, with who signed them when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from calendars.models import Calendar
from definitions.models import Definition, DefinitionSignature, DefinitionVersion
from leads.models import Reason
from sla.models import Commitment, Contract, ContractSignature, ContractVersion

Tree = dict[str, Any]

EVERYONE: Tree = {"all": []}
DEMO: Tree = {"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}
ROLES = ("operations", "maintenance", "plant", "fleet", "facilit", "network", "technical")
SENIOR = ("manager", "head", "director", "vp", "chief", "superintendent")
AGREED_FIELDS = ["lead.first_name", "lead.title", "lead.company", "lead.email", "lead.phone", "consent"]
DAY = 9  # business hours


def any_of(fact: str, words: tuple[str, ...]) -> Tree:
    return {"any": [{"fact": fact, "op": "contains", "value": word} for word in words]}


def touched(kinds: list[str], *, days: int, times: int = 1) -> Tree:
    window = {"kind": kinds, "campaign": None, "within_days": days}
    return {"touches": window, "op": "gte", "value": times}


def mql(
    *,
    industries: tuple[str, ...],
    most: int | None,
    webinars: list[str],
    downloads: bool = True,
    senior: bool = False,
) -> Tree:
    """One wording of the MQL definition: fit, role, intent and guard."""
    size: Tree = {"fact": "company.employees", "op": "gte", "value": 200}
    if most is not None:
        size = {"fact": "company.employees", "op": "between", "value": [200, most]}
    intent = [
        touched(["demo_request", "pricing_request", "contact_form", "meeting_booked"], days=30),
        touched(webinars, days=30),
        touched(["event_visit"], days=30),
        touched(["pricing_page"], days=7, times=2),
    ]
    if downloads:
        intent.append(touched(["content_download"], days=30, times=2))
    tests = [
        size,
        {"fact": "company.industry", "op": "in", "value": list(industries)},
        any_of("lead.title", ROLES),
        *([any_of("lead.title", SENIOR)] if senior else []),
        {"any": intent},
        {"not": {"fact": "company.relation", "op": "in", "value": ["customer", "competitor"]}},
    ]
    return {"all": tests}


OLD = ("Food", "Paper", "Shipping")
NOW = (*OLD, "Utilities")
ANY_WEBINAR, LONG_WEBINAR = ["webinar", "webinar_brief"], ["webinar"]
# Number, weeks before today (None: proposed), criteria, why.
MQL_VERSIONS: tuple[tuple[int, float | None, Tree, str], ...] = (
    (1, 62, mql(industries=OLD, most=None, webinars=ANY_WEBINAR), "First agreed definition."),
    (2, 45, mql(industries=OLD, most=5_000, webinars=ANY_WEBINAR), "Up to 5,000 employees."),
    (3, 33, mql(industries=OLD, most=5_000, webinars=LONG_WEBINAR), "A webinar needs 20 minutes."),
    (4, 7, mql(industries=NOW, most=5_000, webinars=LONG_WEBINAR), "Adds utilities."),
    (
        5,
        None,
        mql(industries=NOW, most=5_000, webinars=LONG_WEBINAR, downloads=False, senior=True),
        "Manager or above, and nobody for downloads alone.",
    ),
)
SQL_VERSIONS: tuple[tuple[int, float | None, Tree, str], ...] = (
    (1, 62, {"all": [{"fact": "company.industry", "op": "exists"}]}, "Need, authority and time confirmed."),
    (
        2,
        33,
        {
            "all": [
                {"fact": "company.industry", "op": "exists"},
                {"fact": "attributes.sites", "op": "gte", "value": 1},
                {"not": {"fact": "company.relation", "op": "eq", "value": "competitor"}},
            ]
        },
        "The number of sites is known.",
    ),
)
SCORING = {
    "fit": [
        {"when": {"fact": "company.employees", "op": "gte", "value": 500}, "points": 20},
        {"when": {"fact": "company.tier", "op": "in", "value": ["named", "target"]}, "points": 15},
        {"when": any_of("lead.title", SENIOR), "points": 15},
    ],
    "engagement": [
        {
            "touches": {"kind": ["demo_request", "pricing_request"]},
            "points": 40,
            "half_life_days": 14,
            "cap": 60,
        },
        {"touches": {"kind": ["webinar", "event_visit"]}, "points": 15, "half_life_days": 30, "cap": 40},
        {
            "touches": {"kind": ["content_download", "pricing_page"]},
            "points": 8,
            "half_life_days": 30,
            "cap": 30,
        },
    ],
}
GRADES = [
    {"name": "A", "when": {"fact": "company.employees", "op": "gte", "value": 1_200}},
    {"name": "B", "when": {"fact": "company.employees", "op": "gte", "value": 450}},
    {"name": "C", "when": EVERYONE},
]


def grade_of(employees: int | None) -> str:
    """The same as GRADES, for the rows that are written without judging."""
    if employees is None or employees < 450:
        return "C"
    return "A" if employees >= 1_200 else "B"


def create_definitions(people: dict[str, User], at: datetime) -> dict[str, list[DefinitionVersion]]:
    """Both definitions with all their versions, oldest first."""
    return {
        "mql": _versions("mql", MQL_VERSIONS, people, at),
        "sql": _versions("sql", SQL_VERSIONS, people, at),
    }


def _versions(
    key: str, plans: tuple[tuple[int, float | None, Tree, str], ...], people: dict[str, User], at: datetime
) -> list[DefinitionVersion]:
    definition, _ = Definition.objects.get_or_create(key=key)
    starts = [at - timedelta(weeks=weeks) if weeks is not None else None for _, weeks, _, _ in plans]
    ends = [*starts[1:], None]
    versions = []
    for (number, _, criteria, note), start, end in zip(plans, starts, ends, strict=True):
        status = "proposed" if start is None else ("superseded" if end is not None else "active")
        version = DefinitionVersion.objects.create(
            definition=definition,
            number=number,
            status=status,
            criteria=criteria,
            scoring=SCORING if key == "mql" else {},
            grades=GRADES if key == "mql" else [],
            note=note,
            created_at=(start or at) - timedelta(days=6 if start else 1),
            created_by=people["Priya Raman" if key == "mql" else "Dana Whitfield"],
            effective_from=start,
            effective_until=end,
            judged_at=start,
        )
        _sign_definition(version, people, start, at)
        versions.append(version)
    return versions


def _sign_definition(
    version: DefinitionVersion, people: dict[str, User], start: datetime | None, at: datetime
) -> None:
    """Both signed what is or was in force; of a proposal only marketing."""
    signed_at = start - timedelta(days=3) if start else at - timedelta(hours=20)
    sides = [("marketing", "Elise Moreau")] + ([("sales", "Dana Whitfield")] if start else [])
    DefinitionSignature.objects.bulk_create(
        DefinitionSignature(version=version, side=side, person=people[name], at=signed_at)
        for side, name in sides
    )


def clock(side: str, kind: str, name: str, hours: float, **more: Any) -> dict[str, Any]:
    return {
        "side": side,
        "kind": kind,
        "name": name,
        "target": timedelta(hours=hours),
        "segment": EVERYONE,
        **more,
    }


def promises(*, number: int, duty: Calendar, office: Calendar) -> list[dict[str, Any]]:
    """The promises of one version, in their order within each kind."""
    demo_minutes, volume, attempts = {1: (0, 200, 4), 2: (60, 220, 4), 3: (30, 240, 5), 4: (30, 260, 5)}[
        number
    ]
    on_duty = {"segment": DEMO, "calendar_choice": "named", "calendar": duty}
    in_office = {"calendar_choice": "named", "calendar": office}
    tiers = [
        clock(
            "sales", "answer", "Answer a demo request", demo_minutes / 60, goal=0.9, warnings=[60], **on_duty
        ),
        clock(
            "sales",
            "first_response",
            "First response to a demo request",
            demo_minutes / 30,
            goal=0.9,
            **on_duty,
        ),
        clock(
            "joint", "buyer_wait", "Buyer wait after a demo request", demo_minutes / 20, goal=0.85, **on_duty
        ),
    ]
    return [
        *(tiers if demo_minutes else []),
        clock("sales", "answer", "Answer", 4, goal=0.9, warnings=[50, 80], ladder=LADDER),
        clock("sales", "first_response", "First response", 8, goal=0.9),
        clock(
            "sales", "follow_up", "Follow-up", 10 * DAY, target_days=10, attempts=attempts, attempt_days=3,
            attempt_calls=2, goal=0.85,
        ),
        clock("sales", "disposition", "Outcome", 15 * DAY, target_days=15, goal=0.85),
        clock("sales", "take", "Take", 4, goal=0.9),
        clock("sales", "re_response", "Answer a new hand raise", 4, goal=0.9),
        clock("marketing", "handover", "Handover", 1 if number >= 3 else 2, goal=0.95, **in_office),
        clock("marketing", "rework", "Rework", 4 if number >= 3 else 8, goal=0.9, **in_office),
        clock("joint", "buyer_wait", "Buyer wait", 12, goal=0.85, **in_office),
        *_period_promises(volume, number),
    ]  # fmt: skip


LADDER = [{"after_hours": 1, "to": "sales_manager"}, {"after_hours": 4, "to": "both_managers"}]


def _period_promises(volume: int, number: int) -> list[dict[str, Any]]:
    monthly = {"side": "marketing", "segment": EVERYONE, "period": "month"}
    found = [
        {**monthly, "kind": "volume", "name": "Volume", "amount": volume},
        {**monthly, "kind": "quality", "name": "Quality", "goal": 0.75 if number < 4 else 0.8},
    ]
    if number >= 3:
        found.append({**monthly, "kind": "completeness", "name": "Completeness", "goal": 0.95})
    return found


# Number, weeks before today, why. A start in weeks None is a draft.
CONTRACT_VERSIONS: tuple[tuple[int, float | None, str], ...] = (
    (1, 62, "First agreed contract: everything within 4 hours."),
    (2, 26, "Tiers: demo requests within 60 minutes. Volume 220."),
    (3, 7, "Demo requests within 30 minutes. Volume 240. Five attempts."),
    (4, None, "Draft: volume 260, and 80% of them accepted."),
)


def create_contract(
    people: dict[str, User],
    calendars: dict[str, Calendar],
    versions: dict[str, list[DefinitionVersion]],
    at: datetime,
) -> list[ContractVersion]:
    """All versions with their promises and signatures, oldest first."""
    contract, _ = Contract.objects.get_or_create(defaults={"name": "SLA contract"})
    starts = [at - timedelta(weeks=weeks) if weeks is not None else None for _, weeks, _ in CONTRACT_VERSIONS]
    made = []
    for (number, _, note), start, end in zip(CONTRACT_VERSIONS, starts, [*starts[1:], None], strict=True):
        version = ContractVersion.objects.create(
            contract=contract,
            number=number,
            mql_version=_in_force(versions["mql"], start or at),
            sql_version=_in_force(versions["sql"], start or at),
            agreed_fields=AGREED_FIELDS,
            counting_rules={"bases": ["definition", "hand_raise", "partner", "list", "manual"]},
            pause_rules={"reasons": ["buyer_away", "buyer_date"], "cap_hours": 45},
            review_on=(start or at).date() + timedelta(days=49 if number == 3 else 98),
            note=note,
            created_at=(start or at) - timedelta(days=9 if start else 2),
            created_by=people["Dana Whitfield"],
        )
        _promise(version, calendars)
        if start is not None:
            _sign_contract(version, people, start, end)
        made.append(version)
    return made


def _promise(version: ContractVersion, calendars: dict[str, Calendar]) -> None:
    version.reasons.set(Reason.objects.filter(is_active=True))
    places: dict[str, int] = {}
    rows = []
    for promise in promises(number=version.number, duty=calendars["Duty"], office=calendars["Bergen"]):
        place = places[promise["kind"]] = places.get(promise["kind"], -1) + 1
        rows.append(Commitment(version=version, position=place, **promise))
    Commitment.objects.bulk_create(rows)


def _sign_contract(
    version: ContractVersion, people: dict[str, User], start: datetime, end: datetime | None
) -> None:
    """Both signed before it began; from then on nothing in it can be changed."""
    for side, name, hours in (("marketing", "Elise Moreau", 52), ("sales", "Dana Whitfield", 29)):
        signed_at = start - timedelta(hours=hours)
        ContractSignature.objects.create(version=version, side=side, person=people[name], at=signed_at)
    version.status, version.effective_from, version.effective_until = "signed", start, end
    version.save(update_fields=["status", "effective_from", "effective_until"])


def _in_force(versions: list[DefinitionVersion], at: datetime) -> DefinitionVersion:
    started = [version for version in versions if version.effective_from and version.effective_from <= at]
    return started[-1]
