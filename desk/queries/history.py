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
from common.web.pages import NOBODYS
from desk.queries.timeline import names_of
from leads.models import Comment, Lead, LeadEvent, Touch

SALT = "desk.history.both-ways"


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

    rows: list[Told]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Beside the entry of this moment, source and key: what is older, or looking back what is newer."""

    at: datetime
    rank: int
    pk: int
    back: bool


def page(lead: Lead, *, cursor: str, size: int) -> HistoryPage:
    """Three sources are read behind the cursor and merged. Raises Invalid for a cursor of nobody's making."""
    sources: tuple[QuerySet[Any], ...] = (
        LeadEvent.objects.filter(lead=lead).select_related("actor", "note", "handoff"),
        Touch.objects.filter(lead=lead).select_related("kind", "campaign"),
        Comment.objects.filter(lead=lead).select_related("by"),
    )
    place = _read(cursor) if cursor else None
    back = place is not None and place.back
    order = ("at", "pk") if back else ("-at", "-pk")
    found = [
        (row.at, rank, row.pk, row)
        for rank, rows in enumerate(sources)
        for row in rows.filter(_beside(place, rank)).order_by(*order)[: size + 1]
    ]
    found.sort(key=lambda entry: entry[:3], reverse=not back)
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    newer, older = (more, True) if back else (place is not None, more)
    return HistoryPage(
        rows=list(_told(row for *_, row in shown)),
        previous=_cursor(shown[0], back=True) if shown and newer else "",
        next=_cursor(shown[-1], back=False) if shown and older else "",
    )


def _beside(place: _Place | None, rank: int) -> Q:
    """Entries of one source behind the place. Of one moment, a later source counts as newer."""
    if place is None:
        return Q()
    step, at = ("gt" if place.back else "lt"), place.at
    beyond = Q(**{f"at__{step}": at})
    if rank == place.rank:
        return beyond | Q(at=at, **{f"pk__{step}": place.pk})
    return beyond | Q(at=at) if (rank > place.rank) == place.back else beyond


def _cursor(entry: tuple[datetime, int, int, Model], *, back: bool) -> str:
    return signing.dumps([entry[0].isoformat(), *entry[1:3], back], salt=SALT)


def _read(cursor: str) -> _Place:
    try:
        at, rank, pk, back = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        raise Invalid({"cursor": NOBODYS}) from None
    return _Place(datetime.fromisoformat(at), rank, pk, back)


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
