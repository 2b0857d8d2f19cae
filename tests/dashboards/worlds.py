"""Small worlds with known figures: rows as they would be, without the services that make them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Organisation
from dashboards import answers, catalogue, questions
from dashboards.answers import Answer
from leads.models import Deal, DealLead, Handoff, Lead
from sla.models import Breach, Clock, Commitment, Contract, ContractVersion, Excuse
from tests.factories import make_handoff, make_lead

JUNE = {"from": "2026-06-01", "to": "2026-07-01"}
MIDDAY = datetime(2026, 6, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def june(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


FIRST = june(1, 0)


def make_organisation(zone: str = "UTC", **fields: Any) -> Organisation:
    return Organisation.objects.create(name="Northwater", time_zone=zone, **fields)


def ask(slug: str, **given: str) -> Answer:
    """What the command does, without the printing."""
    metric = catalogue.metric(slug)
    return answers.answer(metric, questions.read(metric, JUNE | given, questions.asking()))


def told(slug: str, **given: str) -> dict[str, Any]:
    return answers.as_json(ask(slug, **given))


def groups(found: Answer) -> dict[str | None, Any]:
    return {row.group.name: row.figure for row in found.rows}


def make_deal(
    outcome: str = "won", *, amount: int | None = 100, closed_at: datetime | None = None, **fields: Any
) -> Deal:
    """A deal sourced by one handoff (`handoff`, or a new one), qualified at `qualified_at`."""
    qualified_at = fields.pop("qualified_at", june(1))
    handoff = fields.pop("handoff", None) or make_handoff(
        "won", at=qualified_at, accepted_at=qualified_at, qualified_at=qualified_at, **fields.pop("cycle", {})
    )
    closed = closed_at or june(10)
    fields = {"currency": "USD", "opened_at": qualified_at, "name": "Deal", "opening_amount": amount} | fields
    deal = Deal.objects.create(
        outcome=outcome, amount=amount, closed_at=None if outcome == "open" else closed, **fields
    )
    DealLead.objects.create(deal=deal, handoff=handoff, part="sourced", joined_at=qualified_at)
    return deal


def make_cycle(status: str = "offered", *, offered_at: datetime = MIDDAY, **fields: Any) -> Handoff:
    """An offered cycle; `answered` sets when it was accepted or rejected, `tried` its first human attempt."""
    answered, tried = fields.pop("answered", None), fields.pop("tried", None)
    if answered is not None:
        fields["answered_at"] = answered
        if status != "rejected":
            fields["accepted_at"] = answered
    return make_handoff(status, at=offered_at, first_response_at=tried, **fields)


def make_contract(*, number: int = 1, since: datetime = FIRST, **fields: Any) -> ContractVersion:
    """A version still without signatures, so that commitments can be added to it."""
    contract, _ = Contract.objects.get_or_create(name="SLA contract")
    return ContractVersion.objects.create(
        contract=contract, number=number, effective_from=since, created_at=since, **fields
    )


def sign(version: ContractVersion) -> ContractVersion:
    version.status = ContractVersion.Status.SIGNED
    version.save(update_fields=["status"])
    return version


def make_commitment(kind: str = "answer", side: str = "sales", **fields: Any) -> Commitment:
    version = fields.pop("version", None) or ContractVersion.objects.first() or make_contract()
    position = Commitment.objects.filter(version=version, kind=kind).count()
    fields = {"name": f"{kind} promise", "target": 4 * HOUR, "goal": "0.9"} | fields
    return Commitment.objects.create(version=version, side=side, kind=kind, position=position, **fields)


def make_clock(status: str = "met", *, due_at: datetime = MIDDAY, **fields: Any) -> Clock:
    """A clock of one handoff, started four hours before it was due; a breached one has its breach."""
    kind = fields.pop("kind", "answer")
    fields.setdefault("commitment", Commitment.objects.filter(kind=kind).first() or make_commitment(kind))
    if "qualification" not in fields:
        lead = fields.pop("lead", None)
        handoff = fields.pop("handoff", None) or make_handoff(at=due_at - 4 * HOUR, lead=lead)
        fields |= {"handoff": handoff, "lead": handoff.lead, "team": fields.get("team", handoff.team)}
    breach = {name: fields.pop(name) for name in ("cause", "excused", "breach_person") if name in fields}
    times = {
        "started_at": due_at - 4 * HOUR,
        "running_since": due_at - 4 * HOUR,
        "due_at": None if status == "paused" else due_at,
        "satisfied_at": due_at - HOUR if status == "met" else None,
        "consumed": 3 * HOUR if status == "met" else timedelta(),
        "target": 4 * HOUR,
    }
    clock = Clock.objects.create(kind=kind, status=status, **times | fields)
    if status == "breached":
        make_breach(clock, **breach)
    return clock


def make_breach(
    clock: Clock, *, cause: str = "", excused: str | None = None, breach_person: Any = None
) -> Breach:
    """`excused` is the decision of the other side, or empty while it is waited for."""
    breach = Breach.objects.create(
        clock=clock, at=clock.due_at, detected_at=clock.due_at, cause=cause, team=clock.team,
        person=breach_person or clock.person,
    )  # fmt: skip
    if excused is not None:
        Excuse.objects.create(
            breach=breach, side="sales", asked_at=clock.due_at, reason="busy", decision=excused
        )
    return breach


def make_leads(count: int, **fields: Any) -> list[Lead]:
    return [make_lead(**fields) for _ in range(count)]


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
