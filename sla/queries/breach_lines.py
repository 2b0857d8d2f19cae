"""Misses as lines of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from calendars.engine.business_time import business_time_between
from common.web.pages import keyset_page
from sla.models import Breach, Escalation, Excuse
from sla.queries.breaches import climbed_of, with_details
from sla.queries.faces import calendar_of

HEADER = (
    "lead", "company", "source", "clock", "promise", "target_minutes", "due_at", "satisfied_at", "ended_at",
    "late_minutes", "side", "team", "person", "cause", "cause_confirmed_by", "excused",
    "rungs", "ladder", "next_rung_at",
)  # fmt: skip
SIZE = 500
MINUTE = timedelta(minutes=1)


def lines_of(rows: QuerySet[Breach], at: datetime) -> Iterator[Sequence[object]]:
    """One line a miss, the newest first, read in pages, so that no file is ever held whole."""
    rows, cursor = with_details(rows), ""
    while True:
        page = keyset_page(rows, ("-at", "-pk"), cursor=cursor, size=SIZE)
        for breach in page.rows:
            yield _line(breach, at)
        cursor = page.next
        if not cursor:
            return


def _line(breach: Breach, at: datetime) -> Sequence[object]:
    clock = breach.clock
    late = business_time_between(calendar_of(clock.calendar_version), breach.at, clock.ended_at or at)
    return (
        str(clock.lead),
        str(clock.lead.company or ""),
        clock.lead.source,
        clock.kind,
        clock.commitment.name,
        round(clock.target / MINUTE),
        breach.at.isoformat(),
        clock.satisfied_at.isoformat() if clock.satisfied_at else "",
        clock.ended_at.isoformat() if clock.ended_at else "",
        round(late / MINUTE),
        clock.commitment.side,
        str(breach.team or ""),
        breach.named.email if breach.named else "",
        breach.cause,
        breach.cause_by.email if breach.cause_by else "",
        "yes" if _excused(breach) else "no",
        breach.rungs,
        "; ".join(_rung(row) for row in climbed_of(breach)),
        breach.rung_at.isoformat() if breach.rung_at else "",
    )


def _rung(row: Escalation) -> str:
    """ "1 2026-11-24T11:00:00+00:00 notify sales_manager": which, when, what, and for whom or to whom."""
    whom = row.person.email if row.person else row.to
    how = "not done" if not row.done else "silent" if row.silent else ""
    return " ".join(
        filter(None, (str(row.rung), row.at.isoformat(), row.do, whom, f"({how})" if how else ""))
    )


def _excused(breach: Breach) -> bool:
    asked: list[Excuse] = vars(breach)["asked"]
    return breach.by_recalculation or any(excuse.decision == Excuse.Decision.GRANTED for excuse in asked)
