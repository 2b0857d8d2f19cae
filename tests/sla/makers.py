"""Contracts for tests, and journal rows written the way leads write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from calendars.models import Calendar
from leads import events as journal
from leads.models import Handoff, Lead, LeadEvent
from sla.models import Clock, Commitment, Contract, ContractVersion
from tests.factories import EVERYBODY, NOON

LONG_AGO = NOON - timedelta(days=400)
SIDES = {"handover": "marketing", "rework": "marketing", "buyer_wait": "joint"}
HOUR = timedelta(hours=1)
EVERY_KIND = {
    "handover": 4 * HOUR, "buyer_wait": 8 * HOUR, "answer": 4 * HOUR, "first_response": 6 * HOUR,
    "rework": 8 * HOUR, "follow_up": 40 * HOUR, "disposition": 80 * HOUR, "take": 8 * HOUR, "re_response": 4 * HOUR,
}  # fmt: skip


def make_contract(
    since: datetime = LONG_AGO,
    until: datetime | None = None,
    *,
    calendar: Calendar | None = None,
    **targets: timedelta,
) -> ContractVersion:
    """A signed version with one promise per kind; in all hours unless a calendar is given."""
    version = draft(since, until)
    for kind, target in (targets or EVERY_KIND).items():
        promise(version, kind, target, calendar=calendar)
    return sign(version)


def draft(since: datetime = LONG_AGO, until: datetime | None = None, **alerts: Any) -> ContractVersion:
    """Its mail goes out at once unless a test is about that."""
    contract, _ = Contract.objects.get_or_create(pk=1)
    return ContractVersion.objects.create(
        contract=contract, number=contract.versions.count() + 1, effective_from=since, effective_until=until,
        created_at=since, alerts={"quiet_hours": False, "cool_down_minutes": 0} | alerts,
    )  # fmt: skip


def promise(
    version: ContractVersion, kind: str, target: timedelta, *, calendar: Calendar | None = None, **fields: Any
) -> Commitment:
    choice = {"calendar_choice": "named", "calendar": calendar} if calendar else {"calendar_choice": "always"}
    fields = {"attempts": 2 if kind == "follow_up" else None, "segment": EVERYBODY} | choice | fields
    position = version.commitments.filter(kind=kind).count()
    return Commitment.objects.create(
        version=version, side=SIDES.get(kind, "sales"), kind=kind, position=position,
        name=f"{kind} {position}", target=target, **fields,
    )  # fmt: skip


def sign(version: ContractVersion) -> ContractVersion:
    version.status = ContractVersion.Status.SIGNED
    version.save(update_fields=["status"])
    return version


def happens(
    kind: str, subject: Handoff | Lead, at: datetime, *, historic: bool = False, implied: bool = False,
    recorded_at: datetime | None = None, **data: Any,
) -> LeadEvent:  # fmt: skip
    """One journal row, recorded: its clocks follow."""
    [row] = journal.record(
        [event(kind, subject, at, historic=historic, implied=implied, recorded_at=recorded_at, **data)]
    )
    return row


def event(
    kind: str, subject: Handoff | Lead, at: datetime, *, historic: bool = False, implied: bool = False,
    recorded_at: datetime | None = None, **data: Any,
) -> LeadEvent:  # fmt: skip
    handoff = subject if isinstance(subject, Handoff) else None
    lead = handoff.lead if handoff else subject
    qualification = None
    if kind == "mql":
        qualification = lead.qualifications.latest("at")
        data = {"raised_at": qualification.raised_at.isoformat()} | data
    if kind == "offered":
        data = {
            "team": handoff.team_id,
            "person": handoff.holder_id,
            "hand_raise": handoff.qualification.hand_raise,
        } | data
    return LeadEvent(
        kind=kind, lead=lead, handoff=handoff, qualification=qualification, at=at, recorded_at=recorded_at or at,
        historic=historic, implied=implied, data=data,
    )  # fmt: skip


def clock_of(subject: Handoff | Lead, kind: str) -> Clock:
    """The newest clock of this kind."""
    lead = subject.lead if isinstance(subject, Handoff) else subject
    return lead.clocks.filter(kind=kind).latest("round")
