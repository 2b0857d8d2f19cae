"""The agreement of Northwater as it grew: definitions, and the contract in the form of agreement files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from accounts.models import User
from alignment.demo.people import email_of
from alignment.demo.wordings import EVERYONE, MQL_VERSIONS, SQL_VERSIONS, Plan, sign_version
from definitions.models import DefinitionVersion
from sla.models import ContractVersion
from sla.services import agreements, contract_talk, contracts

Json = dict[str, Any]

SIGNERS = {"marketing": email_of("Elise Moreau"), "sales": email_of("Dana Whitfield")}
DEMO: Json = {"fact": "handoff.trigger", "op": "eq", "value": "demo_request"}
AGREED_FIELDS = ["lead.first_name", "lead.title", "lead.company", "lead.email", "lead.phone"]
EXAMPLE = "docs/examples/agreement.json"
SIGNED_BEFORE = timedelta(hours=29)
# Weeks before today at which each version came into force, and why.
CONTRACTS = {
    1: (62, "First agreed contract: everything within 4 hours."),
    2: (26, "Tiers: demo requests within 60 minutes. Volume 220."),
    3: (7, "Demo requests within 30 minutes. Volume 240. Five attempts."),
}
DRAFT = "Draft: volume 260, and 80% of them accepted."
# What the two managers said about it.
SENT_BACK = (
    "260 a month is 20 more than we promised in autumn, with the budget of autumn. We can do it once 80% are accepted:"
    " last month it was less, and half of the rejections were for data we had. Which rejections count against us?"
)
ANSWERED = "Only those that the reasons say: definitional, and data missing or wrong. Duplicates and colleagues do not."
ASKED = "Then 80% net is fair. Let us write net into the name, so that nobody argues about it in March."
LADDER = [{"after": "1h", "to": "sales_manager"}, {"after": "4h", "to": "both_managers"}]


@dataclass(frozen=True, slots=True)
class Terms:
    """What differs between the versions."""

    demo: str
    demo_response: str
    demo_wait: str
    handover: str
    rework: str
    volume: int
    attempts: int


TERMS = {
    1: Terms("", "", "", "2h", "8h", 200, 4),
    2: Terms("60m", "2h", "3h", "2h", "8h", 220, 4),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """All versions, oldest first."""

    definitions: dict[str, list[DefinitionVersion]]
    contract: list[ContractVersion]


def agree(people: dict[str, User], at: datetime) -> Agreement:
    """Sign everything in the order in which it was signed, then propose MQL v5 and draft contract v4."""
    made = Agreement({"mql": [], "sql": []}, [])
    steps: list[tuple[float, int, str, Any]] = [
        *((plan[1] or 0, 0, key, plan) for key, plan in _definitions()),
        *((weeks, 1, "contract", number) for number, (weeks, _) in CONTRACTS.items()),
    ]
    for weeks, _, what, plan in sorted(steps, key=lambda step: (-step[0], step[1])):
        if what != "contract":
            made.definitions[what].append(sign_version(what, plan, people, at))
            continue
        start = at - timedelta(weeks=weeks)
        loaded = agreements.load(document(plan, start), at=start - SIGNED_BEFORE, by=people["Dana Whitfield"])
        made.contract.append(loaded.version)
    made.contract.append(_draft(people, at))
    return made


def document(number: int, start: datetime) -> Json:
    """One version as an agreement file; calendars, reasons and definitions stand already.

    The version in force is the documented example, word for word.
    """
    dated = {"version": number, "effective_from": start.isoformat()}
    if number == 3:
        review_on = (start + timedelta(days=49)).date().isoformat()
        example = json.loads((settings.BASE_DIR / EXAMPLE).read_text())
        return {"contract": {**example["contract"], **dated, "review_on": review_on}}
    return {
        "contract": {
            **dated,
            "signed": SIGNERS,
            "note": CONTRACTS[number][1],
            "review_on": (start + timedelta(days=91)).date().isoformat(),
            "agreed_fields": AGREED_FIELDS,
            "counting_rules": {"bases": ["definition", "hand_raise", "partner", "list", "manual"]},
            "pause_rules": {"reasons": ["buyer_away", "buyer_date"], "cap_hours": 45},
            "commitments": [
                *_tiers(TERMS[number]),
                *_by_the_clock(TERMS[number]),
                *_by_the_month(TERMS[number]),
            ],
        }
    }


def _definitions() -> Iterable[tuple[str, Plan]]:
    yield from (("mql", plan) for plan in MQL_VERSIONS)
    yield from (("sql", plan) for plan in SQL_VERSIONS)


def _tiers(terms: Terms) -> list[Json]:
    """Demo requests first: within a kind the first promise that fits applies."""
    if not terms.demo:
        return []
    duty: Json = {"segment": DEMO, "calendar": "Duty"}
    response = {"name": "First response to a demo request", "target": terms.demo_response, "goal": 0.9}
    return [
        {"kind": "answer", "name": "Answer a demo request", "target": terms.demo, "goal": 0.9, **duty},
        {"kind": "first_response", **response, **duty},
        {
            "kind": "buyer_wait",
            "name": "Buyer wait after a demo request",
            "target": terms.demo_wait,
            "goal": 0.85,
            **duty,
        },
    ]


def _by_the_clock(terms: Terms) -> list[Json]:
    return [
        {"kind": "answer", "target": "4h", "warnings": [50, 80], "goal": 0.9, "ladder": LADDER},
        {"kind": "first_response", "target": "8h", "goal": 0.9},
        {
            "kind": "follow_up",
            "target": "10d",
            "attempts": terms.attempts,
            "days": 3,
            "calls": 2,
            "goal": 0.85,
        },
        {"kind": "disposition", "target": "15d", "goal": 0.85},
        {"kind": "take", "target": "4h", "goal": 0.9},
        {"kind": "re_response", "target": "4h", "goal": 0.9},
        {"kind": "handover", "target": terms.handover, "calendar": "Bergen", "goal": 0.95},
        {"kind": "rework", "target": terms.rework, "calendar": "Bergen", "goal": 0.9},
        {"kind": "buyer_wait", "target": "12h", "calendar": "Bergen", "goal": 0.85},
    ]


def _by_the_month(terms: Terms) -> list[Json]:
    monthly: Json = {"period": "month", "segment": EVERYONE}
    return [
        {"kind": "volume", "amount": terms.volume, **monthly},
        {"kind": "quality", "goal": 0.75, **monthly},
    ]


def _draft(people: dict[str, User], at: datetime) -> ContractVersion:
    """Dana's draft of v4: proposed, sent back by Elise, and talked about since. Nobody has signed it."""
    version = contracts.draft(by=people["Dana Whitfield"], at=at - timedelta(days=2))
    version.note, version.review_on = DRAFT, (at + timedelta(days=56)).date()
    version.save(update_fields=["note", "review_on"])
    version.commitments.filter(kind="volume").update(amount=Decimal(260))
    version.commitments.filter(kind="quality").update(goal=Decimal("0.8"))
    return _talked_about(version, people, at)


def _talked_about(version: ContractVersion, people: dict[str, User], at: datetime) -> ContractVersion:
    dana, elise, volume = people["Dana Whitfield"], people["Elise Moreau"], _called(version, "volume")
    contracts.propose(version, by=dana, at=at - timedelta(hours=44))
    version = contract_talk.send_back(version, by=elise, text=SENT_BACK, at=at - timedelta(hours=27))
    contract_talk.say(version, ANSWERED, by=dana, about=volume, at=at - timedelta(hours=25))
    contract_talk.say(version, ASKED, by=elise, about=_called(version, "quality"), at=at - timedelta(hours=4))
    return version


def _called(version: ContractVersion, kind: str) -> str:
    return str(version.commitments.filter(kind=kind).values_list("name", flat=True)[0])
