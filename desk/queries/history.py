"""What happened to one lead, page by page, newest first: journal, touches and comments as one line of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.html import strip_tags

from common.refusals import Invalid
from desk.queries.timeline import names_of
from leads.models import Comment, Lead, LeadEvent, Touch

SIZE = 100
SALT = "desk.history"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, without ids that mean nothing outside."""

    at: datetime
    kind: str
    handoff: Any
    by: str | None
    words: str
    note: str = ""
    implied: bool = False
    historic: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some of it, and where to go on (empty: all told)."""

    entries: list[Told]
    next: str


def page(lead: Lead, *, cursor: str = "", size: int = SIZE) -> HistoryPage:
    """Three sources are read behind the cursor and merged. Raises Invalid for a cursor of nobody's making."""
    sources: tuple[QuerySet[Any], ...] = (
        LeadEvent.objects.filter(lead=lead).select_related("actor", "note", "handoff"),
        Touch.objects.filter(lead=lead).select_related("kind", "campaign"),
        Comment.objects.filter(lead=lead).select_related("by"),
    )
    place = _read(cursor) if cursor else None
    found = [
        (row.at, rank, row.pk, row)
        for rank, rows in enumerate(sources)
        for row in rows.filter(_before(place, rank)).order_by("-at", "-pk")[: size + 1]
    ]
    found.sort(key=lambda entry: entry[:3], reverse=True)
    shown = found[:size]
    following = _cursor(shown[-1]) if len(found) > size else ""
    return HistoryPage(list(_told(row for *_, row in shown)), following)


def _before(place: tuple[datetime, int, int] | None, rank: int) -> Q:
    if place is None:
        return Q()
    at, other, pk = place
    if rank == other:
        return Q(at__lt=at) | Q(at=at, pk__lt=pk)
    return Q(at__lte=at) if rank < other else Q(at__lt=at)


def _cursor(entry: tuple[datetime, int, int, Model]) -> str:
    return signing.dumps([entry[0].isoformat(), *entry[1:3]], salt=SALT)


def _read(cursor: str) -> tuple[datetime, int, int]:
    try:
        at, rank, pk = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        raise Invalid({"cursor": "This cursor belongs to no page of this list. Start without one."}) from None
    return datetime.fromisoformat(at), rank, pk


def _told(rows: Iterable[Any]) -> Iterable[Told]:
    found = list(rows)
    names = names_of(row for row in found if isinstance(row, LeadEvent))
    for row in found:
        if isinstance(row, LeadEvent):
            note = getattr(row, "note", None)
            yield Told(
                at=row.at, kind=row.kind, handoff=row.handoff.public_id if row.handoff else None,
                by=row.actor.email if row.actor else None, words=strip_tags(names.sentence(row)),
                note=note.text if note else "", implied=row.implied, historic=row.historic,
            )  # fmt: skip
        elif isinstance(row, Touch):
            campaign = f": {row.campaign}" if row.campaign else ""
            yield Told(row.at, "touch", None, None, f"{row.kind}{campaign}", row.detail)
        else:
            yield Told(row.at, "comment", None, row.by.email, f"{row.by} commented", row.text)
