"""Everything a replay is about to write, in the order in which the database needs it."""

from __future__ import annotations

from datetime import datetime

from leads import events
from leads.batch import creation, rows
from leads.batch.stories import Story
from leads.models import Assignment, Attempt, EventNote, Handoff, Lead, LeadEvent, Qualification
from leads.services import acts

HANDOFF = (*acts.CYCLE_FIELDS, "reason", "offer_implied", "answer_implied", "qualify_implied")


class Sheet:
    """Collects rows whose keys are drawn ahead, so that they can name each other before they are written."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._handoff_keys, self._qualification_keys = rows.Keys(Handoff), rows.Keys(Qualification)
        self._attempt_keys = rows.Keys(Attempt)
        self._qualifications: list[Qualification] = []
        self._new_handoffs: list[Handoff] = []
        self._old_handoffs: dict[int, Handoff] = {}
        self._new_spans: list[Assignment] = []
        self._old_spans: dict[int, Assignment] = {}
        self._attempts: list[Attempt] = []
        self._leads: dict[int, Lead] = {}
        self._created: dict[int, datetime] = {}
        self._journal: list[LeadEvent] = []
        self._notes: list[tuple[int, str]] = []

    def add_qualification(self, row: Qualification) -> Qualification:
        row.pk = self._qualification_keys.next()
        self._qualifications.append(row)
        return row

    def add_handoff(self, row: Handoff) -> Handoff:
        row.pk = self._handoff_keys.next()
        self._new_handoffs.append(row)
        return row

    def add_attempt(self, row: Attempt) -> Attempt:
        row.pk = self._attempt_keys.next()
        self._attempts.append(row)
        return row

    def change(self, story: Story) -> None:
        """The columns of its newest cycle follow the cycle."""
        handoff, cycle = story.handoff, story.cycle
        if handoff is None or cycle is None:
            return
        for name in acts.CYCLE_FIELDS:
            setattr(handoff, acts.COLUMN.get(name, name), getattr(cycle, name))
        if not handoff._state.adding:  # noqa: SLF001 - the only way to ask whether it is stored
            self._old_handoffs[handoff.pk] = handoff

    def hand_over(self, story: Story, span: Assignment | None, ended: str, at: datetime) -> None:
        """Whoever held the cycle holds it until `at`; `span` is who holds it from then on."""
        old = story.assignment
        if old is not None:
            old.until_at, old.ended = at, ended
            if old.pk is not None:
                self._old_spans[old.pk] = old
        story.assignment = span
        if span is not None:
            self._new_spans.append(span)

    def set_stage(self, lead: Lead, stage: str, at: datetime) -> None:
        if lead.stage != stage:
            lead.stage, lead.stage_at, lead.wake_at = stage, at, None
            self._leads[lead.pk] = lead

    def move_creation(self, lead: Lead, at: datetime) -> None:
        """Something happened before anybody thought the lead existed."""
        self._created.setdefault(lead.pk, lead.created_at)
        lead.created_at = at
        self._leads[lead.pk] = lead

    def add_event(self, row: LeadEvent, note: str = "") -> None:
        if note:
            self._notes.append((len(self._journal), note))
        self._journal.append(row)

    def write(self) -> None:
        """Old cycles end before new ones open: a lead has one at a time, by constraint."""
        rows.insert(self._qualifications)
        rows.update(list(self._old_handoffs.values()), HANDOFF)
        rows.insert(self._new_handoffs)
        rows.update(list(self._old_spans.values()), ["until_at", "ended"])
        rows.insert(self._new_spans)
        rows.insert(self._attempts)
        stages = ["stage", "stage_at", "wake_at", "created_at"]
        rows.update(list(self._leads.values()), stages)
        moves = [creation.Move(pk, old, self._leads[pk].created_at) for pk, old in self._created.items()]
        creation.move_what_was_known(moves)

    def write_journal(self) -> None:
        """Last, for the listeners find every row that the journal names."""
        written = events.record(self._journal)
        rows.insert([EventNote(event=written[index], text=text) for index, text in self._notes])
