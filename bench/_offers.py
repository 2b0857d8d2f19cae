"""Many equal offers to a pool, with all their clocks: what the accepting is measured on."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg2
from history import agree

CHUNK = 1_000
REPS = 8
# Keys that no other figure of a statement is equal to, each table in a range of its own.
TABLES = (
    "leads_lead", "leads_qualification", "leads_handoff", "leads_assignment", "leads_leadevent", "sla_clock",
    "sla_clockevent", "common_outbox",
)  # fmt: skip
RANGE = 10_000_000
CLOCKS = 2  # of each lead by one journal row
STRIDES = {RANGE * (1 + TABLES.index("sla_clock")): CLOCKS}


def stride(key: int) -> int:
    """How far apart the keys of two neighbouring offers lie."""
    return STRIDES.get(key // RANGE * RANGE, 1)


def make(count: int) -> list[int]:
    """Handoffs in the order of their keys, which follow each other without a gap, as do those of their rows."""
    agree()
    _spread_keys()
    from accounts.models import Team

    leads, offers = [], list[Any]()
    for start in range(0, count, CHUNK):
        leads += _leads(start, min(CHUNK, count - start))
    team = Team.objects.get(name="Central")
    for start in range(0, count, CHUNK):
        offers += _offers(leads[start : start + CHUNK], team)
    return [offer.pk for offer in offers]


def reps() -> list[Any]:
    """One for each client, all in the team that holds the offers."""
    from accounts.models import Membership, Team, User

    team, people = Team.objects.get(name="Central"), []
    for number in range(REPS):
        person = User.objects.create_user(f"rep{number}@bench.example", name=f"Rep {number}")
        Membership.objects.create(team=team, user=person, role="rep")
        people.append(person)
    return people


def _spread_keys() -> None:
    """As the owner of the schema: the product itself may not."""
    with closing(psycopg2.connect(os.environ["MIGRATION_DATABASE_URL"])) as owner, owner.cursor() as cursor:
        for place, table in enumerate(TABLES, start=1):
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, {place * RANGE})")
        owner.commit()


def _leads(start: int, count: int) -> list[Any]:
    from common.database.moments import database_now
    from leads import events as journal
    from leads.models import Lead, LeadEvent, Qualification

    at = database_now() - timedelta(minutes=5)
    leads = Lead.objects.bulk_create(
        Lead(first_name="Lead", last_name=f"{start + number:05}", stage="marketing_qualified", created_at=at,
             recorded_at=at, stage_at=at)
        for number in range(count)
    )  # fmt: skip
    rows = Qualification.objects.bulk_create(
        Qualification(lead=lead, at=at, raised_at=at, basis="definition") for lead in leads
    )
    said = {"basis": "definition", "hand_raise": False, "raised_at": at.isoformat()}
    journal.record(
        LeadEvent(kind="mql", lead=row.lead, qualification=row, at=at, recorded_at=at, data=said)
        for row in rows
    )
    return rows


def _offers(qualified: list[Any], team: Any) -> list[Any]:
    from common.database.moments import database_now
    from leads import events as journal
    from leads.models import Assignment, Handoff, LeadEvent

    at = database_now()
    offers = Handoff.objects.bulk_create(
        Handoff(
            lead=row.lead, qualification=row, team=team, basis="definition", raised_at=row.at, offered_at=at
        )
        for row in qualified
    )
    Assignment.objects.bulk_create(Assignment(handoff=offer, team=team, from_at=at) for offer in offers)
    said = {"team": team.pk, "person": None, "hand_raise": False, "raised_at": at.isoformat()}
    journal.record(
        LeadEvent(kind="offered", lead=offer.lead, handoff=offer, qualification=offer.qualification, at=at,
                  recorded_at=at, data=said)
        for offer in offers
    )  # fmt: skip
    return offers
