"""Leads as lines of a file: in the names of the history files, with where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.engine.standing import Standing
from common.web.pages import keyset_page
from desk.queries.queue import Row, rows_of
from leads.models import Lead

HEADER = (
    "external_id", "email", "first_name", "last_name", "title", "phone", "company", "company_domain", "industry",
    "employees", "country", "source", "campaign", "owner", "created_at", "stage", "status", "team", "holder",
    "reason", "clock", "due_at",
)  # fmt: skip
SIZE = 500


def lines_of(leads: QuerySet[Lead], order: Sequence[str], at: datetime) -> Iterator[Sequence[object]]:
    """One line a lead, read in pages, so that no file is ever held whole."""
    rows = leads.select_related("company", "campaign", "owner")
    rows = rows.prefetch_related("emails", "phones", "external_ids", "company__domains")
    cursor = ""
    while True:
        page = keyset_page(rows, order, cursor=cursor, size=SIZE)
        yield from map(_line, rows_of(page.rows, Standing(None), at=at))
        cursor = page.next
        if not cursor:
            return


def _line(row: Row) -> Sequence[object]:
    lead, handoff, company = row.lead, row.handoff, row.lead.company
    due = row.clock.due_at if row.clock else None
    return (
        next((known.value for known in lead.external_ids.all() if known.system == "import"), ""),
        next((mail.email for mail in lead.emails.all() if mail.is_primary), ""),
        lead.first_name,
        lead.last_name,
        lead.title,
        next((phone.phone for phone in lead.phones.all() if phone.is_primary), ""),
        company.name if company else "",
        next((domain.domain for domain in company.domains.all() if domain.is_primary), "") if company else "",
        company.industry if company else "",
        company.employees if company else None,
        lead.country,
        lead.source,
        lead.campaign.slug if lead.campaign else "",
        lead.owner.email if lead.owner else "",
        lead.created_at.isoformat(),
        lead.stage,
        handoff.status if handoff else "",
        str(handoff.team or "") if handoff else "",
        handoff.holder.email if handoff and handoff.holder else "",
        handoff.reason.key if handoff and handoff.reason else "",
        row.clock.words if row.clock else "",
        due.isoformat() if isinstance(due, datetime) else "",
    )
