"""The rows of the story while it is told: kept in memory with their keys, written at the end."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from leads.batch.rows import Keys, insert
from leads.models import (
    Assignment,
    Attempt,
    AttributeChange,
    Comment,
    Company,
    CompanyDomain,
    CompanyRelation,
    Consent,
    Deal,
    DealLead,
    EventNote,
    Handoff,
    Insight,
    Lead,
    LeadEmail,
    LeadEvent,
    LeadPhone,
    Meeting,
    MeetingMove,
    Qualification,
    Touch,
)

Row = TypeVar("Row", bound=Model)

# Parents before children.
ORDER: tuple[type[Model], ...] = (
    Company, CompanyDomain, CompanyRelation, Lead, LeadEmail, LeadPhone, Consent, AttributeChange, Touch,
    Qualification, Handoff, Assignment, Attempt, Meeting, MeetingMove, Deal, DealLead, Insight,
    Comment, LeadEvent, EventNote,
)  # fmt: skip


class Book:
    """Rows by model, each with a primary key from the start, so that they can name each other."""

    def __init__(self) -> None:
        self._rows: defaultdict[type[Model], list[Any]] = defaultdict(list)
        self._keys = {model: Keys(model) for model in ORDER if model is not LeadEvent}
        self._notes: list[tuple[LeadEvent, str]] = []

    def add(self, row: Row) -> Row:
        row.pk = self._keys[type(row)].next()
        self._rows[type(row)].append(row)
        return row

    def next_key(self, model: type[Model]) -> int:
        """A key for a row that is kept only if what it belongs to happens."""
        return self._keys[model].next()

    def keep(self, row: Row) -> Row:
        """A row that has its key already."""
        self._rows[type(row)].append(row)
        return row

    def record(self, event: LeadEvent, note: str = "") -> LeadEvent:
        """Journal rows get their keys when all are known: in the order in which things happened."""
        self._rows[LeadEvent].append(event)
        if note:
            self._notes.append((event, note))
        return event

    def rows(self, model: type[Row]) -> list[Row]:
        return self._rows[model]

    def write(self) -> list[LeadEvent]:
        """Insert everything since the last time; answers the journal in its order."""
        events: list[LeadEvent] = self._rows[LeadEvent]
        events.sort(key=_moment)
        for model in ORDER[:-1]:
            insert(self._rows[model])
        insert([EventNote(event=event, text=text) for event, text in self._notes])
        self._rows.clear()
        self._notes.clear()
        return events


def _moment(event: LeadEvent) -> datetime:
    return event.at
