"""Who of sales has read which wording of a campaign's brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from accounts.models import User
from accounts.queries import sellers
from leads.models import BriefReading, BriefVersion, Campaign


@dataclass(frozen=True, slots=True)
class Reader:
    """One seller, and the newest wording that this person has read (0: none)."""

    person: User
    number: int
    at: datetime | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """All sellers by name. Counted are those who know the wording in force."""

    rows: Sequence[Reader]

    @property
    def current(self) -> int:
        return sum(row.is_current for row in self.rows)

    @property
    def line(self) -> str:
        return f"Acknowledged by {self.current} of {len(self.rows)}"

    def of(self, person: User) -> Reader | None:
        return next((row for row in self.rows if row.person == person), None)


def readers_of(campaign: Campaign, newest: BriefVersion | None) -> Readers:
    """Two queries, however many people and versions."""
    if newest is None:
        return Readers(())
    read = BriefReading.objects.filter(brief__campaign=campaign).select_related("brief")
    last = {row.person_id: row for row in read.order_by("brief__number")}
    return Readers([_reader(person, last.get(person.pk), newest) for person in sellers()])


def last_read(brief: BriefVersion, person: User) -> BriefReading | None:
    """The newest wording of this brief's campaign that a person has read."""
    read = BriefReading.objects.filter(brief__campaign=brief.campaign_id, person=person)
    return read.select_related("brief").order_by("-brief__number").first()


def _reader(person: User, reading: BriefReading | None, newest: BriefVersion) -> Reader:
    if reading is None:
        return Reader(person, 0, None, is_current=False)
    return Reader(person, reading.brief.number, reading.at, is_current=reading.brief.number >= newest.number)


def readings_counted(briefs: Sequence[BriefVersion]) -> dict[int, int]:
    """How many of today's sellers have read each of these wordings: one query."""
    counted = BriefReading.objects.filter(brief__in=briefs, person__in=sellers().order_by().values("pk"))
    return dict(counted.order_by().values_list("brief").annotate(n=Count("pk")))
