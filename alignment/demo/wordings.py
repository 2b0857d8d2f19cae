"""What Northwater calls an MQL and an SQL, in all the versions that were signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from definitions.models import Definition, DefinitionSignature, DefinitionVersion
from definitions.services.versions import activate_due

Tree = dict[str, Any]

EVERYONE: Tree = {"all": []}
ROLES = ("operations", "maintenance", "plant", "fleet", "facilit", "network", "technical")
SENIOR = ("manager", "head", "director", "vp", "chief", "superintendent")


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
Plan = tuple[int, float | None, Tree, str]
MQL_VERSIONS: tuple[Plan, ...] = (
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
SQL_VERSIONS: tuple[Plan, ...] = (
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


def sign_version(key: str, plan: Plan, people: dict[str, User], at: datetime) -> DefinitionVersion:
    """One version; signed by both and in force since its start, or proposed and signed by marketing alone."""
    number, weeks, criteria, note = plan
    start = at - timedelta(weeks=weeks) if weeks is not None else None
    version = DefinitionVersion.objects.create(
        definition=Definition.objects.get_or_create(key=key)[0],
        number=number,
        status="signed" if start else "proposed",
        criteria=criteria,
        scoring=SCORING if key == "mql" else {},
        grades=GRADES if key == "mql" else [],
        note=note,
        created_at=(start or at) - timedelta(days=6 if start else 1),
        created_by=people["Priya Raman" if key == "mql" else "Dana Whitfield"],
        proposed_at=(start - timedelta(days=4)) if start else at - timedelta(hours=22),
        effective_from=start,
        judged_at=start,
    )
    signed_at = start - timedelta(days=3) if start else at - timedelta(hours=20)
    sides = [("marketing", "Elise Moreau")] + ([("sales", "Dana Whitfield")] if start else [])
    DefinitionSignature.objects.bulk_create(
        DefinitionSignature(version=version, side=side, person=people[name], at=signed_at)
        for side, name in sides
    )
    if start:
        activate_due(at=start)
    return version
