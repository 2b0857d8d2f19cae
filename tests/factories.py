"""Rows that tests stand on. Each builds what it needs around it; say only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from calendars.models import Calendar, CalendarVersion
from definitions.models import Definition, DefinitionVersion
from leads.models import (
    Assignment,
    Campaign,
    Company,
    CustomField,
    Handoff,
    Lead,
    LeadEmail,
    Qualification,
    Reason,
    TouchKind,
)
from leads.services import handoffs
from tests.accounts.people import make_member, make_person, make_team

__all__ = ["make_member", "make_person", "make_team"]

NOON = datetime(2026, 6, 3, 12, tzinfo=UTC)  # a Wednesday
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NINE_TO_FIVE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
EVERYBODY = {"all": []}

numbers = count(1)


def make_calendar(hours: dict[str, list[list[str]]] | None = None, tz: str = "UTC", **rules: Any) -> Calendar:
    number = next(numbers)
    calendar = Calendar.objects.create(name=f"Hours {number}", slug=f"hours-{number}")
    said = {"tz": tz, "hours": NINE_TO_FIVE if hours is None else hours, **rules}
    CalendarVersion.objects.create(calendar=calendar, number=1, rules=said, created_at=NOON)
    return calendar


def make_company(name: str = "", **fields: Any) -> Company:
    name = name or f"Company {next(numbers)}"
    return Company.objects.create(name=name, name_key=name.casefold(), created_at=NOON, **fields)


def make_lead(stage: str = "inquiry", email: str = "", **fields: Any) -> Lead:
    number = next(numbers)
    made_at = fields.pop("created_at", NOON - timedelta(days=1))
    fields = {"first_name": "Lead", "last_name": f"Number {number:03}"} | fields
    lead = Lead.objects.create(
        stage=stage, created_at=made_at, recorded_at=made_at, stage_at=made_at, **fields
    )
    address = email or f"lead{number}@buyer.example"
    LeadEmail.objects.create(lead=lead, email=address, key=address)
    return lead


def make_qualification(lead: Lead, at: datetime = NOON, **fields: Any) -> Qualification:
    fields = {"basis": "definition", "raised_at": at} | fields
    return Qualification.objects.create(lead=lead, at=at, **fields)


def make_mql(at: datetime = NOON, **fields: Any) -> Lead:
    """A lead that marketing may offer."""
    lead = make_lead(stage="marketing_qualified", **fields)
    make_qualification(lead, at)
    return lead


def make_marketer(**fields: Any) -> Any:
    return make_member(make_team(function="demand"), "marketing", **fields)


def make_offer(
    team: Any = None, person: Any = None, at: datetime = NOON, lead: Lead | None = None
) -> Handoff:
    """An offered handoff, made by the service at `at`."""
    team = team or make_team(calendar=make_calendar())
    return handoffs.offer(lead or make_mql(at), by=make_marketer(), team=team, person=person, at=at)


def make_handoff(
    status: str = "offered", *, holder: Any = None, at: datetime = NOON, **fields: Any
) -> Handoff:
    """A row in this status, without the history that led there."""
    lead = fields.pop("lead", None) or make_lead(stage="marketing_qualified")
    qualification = fields.pop("qualification", None) or make_qualification(lead, at)
    team = fields.pop("team", None) or make_team(calendar=make_calendar())
    closed = status not in Handoff.OPEN
    fields = {"closed_at": at if closed else None} | fields
    handoff = Handoff.objects.create(
        lead=lead, qualification=qualification, status=status, team=team, holder=holder, basis="definition",
        raised_at=at, offered_at=at, **fields,
    )  # fmt: skip
    Assignment.objects.create(
        handoff=handoff, team=team, person=holder, from_at=at, until_at=at if closed else None
    )
    return handoff


def make_reason(verb: str, key: str = "", **fields: Any) -> Reason:
    key = key or f"reason-{next(numbers)}"
    return Reason.objects.create(verb=verb, key=key, label=key.replace("-", " ").capitalize(), **fields)


def make_touch_kind(key: str = "", **fields: Any) -> TouchKind:
    key = key or f"kind-{next(numbers)}"
    return TouchKind.objects.create(key=key, label=key.replace("_", " ").capitalize(), **fields)


def make_field(name: str = "", type_: str = "text", **fields: Any) -> CustomField:
    name = name or f"field_{next(numbers)}"
    return CustomField.objects.create(
        name=name, label=name.replace("_", " ").capitalize(), type=type_, **fields
    )


def make_campaign(name: str = "", **fields: Any) -> Campaign:
    number = next(numbers)
    return Campaign.objects.create(
        name=name or f"Campaign {number}", slug=f"campaign-{number}", created_at=NOON, **fields
    )


def make_definition(
    criteria: dict[str, Any] | None = None, key: str = "mql", **fields: Any
) -> DefinitionVersion:
    """An active version."""
    definition, _ = Definition.objects.get_or_create(key=key)
    fields = {"status": "active", "effective_from": NOON - timedelta(days=30)} | fields
    return DefinitionVersion.objects.create(
        definition=definition, number=next(numbers), criteria=criteria or EVERYBODY,
        created_at=NOON - timedelta(days=31), **fields,
    )  # fmt: skip
