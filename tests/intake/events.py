"""Files of events about a handful of known leads, and what the journal makes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intake.report import Report
from leads.models import Lead, LeadEvent
from tests.intake.files import load

T0 = datetime(2025, 3, 3, tzinfo=UTC)
HEADER = "lead_external_id,event,at,actor,team,reason,amount,note,currency,deal,deal_kind,product"


def known_leads() -> None:
    """Three on their own, five of one company, and one that is known by nothing but its id."""
    known = [f"{n},Lead {n},Acme {n},2025-01-01" for n in "123"]
    group = [f"g{n},,Nordhavn,2025-01-01" for n in range(5)]
    load("leads", "external_id,first_name,company,created_at", *known, *group, "new,,,")


def row(lead: str, event: str, day: int, **cells: str) -> str:
    cells |= {"lead_external_id": lead, "event": event, "at": (T0 + timedelta(days=day)).isoformat()}
    return ",".join(cells.get(name, "") for name in HEADER.split(","))


def events(*rows: str, create: str = "all", **asked: object) -> Report:
    return load("events", HEADER, *rows, create=create, **asked)  # type: ignore[arg-type]


def lead(external_id: str = "1") -> Lead:
    return Lead.objects.get(external_ids__value=external_id)


def journal(external_id: str = "1") -> str:
    """The kinds of rows, implied ones in brackets."""
    rows = LeadEvent.objects.filter(lead=lead(external_id)).exclude(kind="created").order_by("id")
    return " ".join(f"({row.kind})" if row.implied else row.kind for row in rows)
