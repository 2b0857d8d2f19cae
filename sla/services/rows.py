"""Clocks as rows: from a row to an entry of the book and back, and writing many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sla.engine.clock import ClockState, Status, default_warnings, marked
from sla.engine.effort import Effort
from sla.engine.entry import Choice, Entry
from sla.engine.reading import Place
from sla.engine.table import Kind
from sla.models import Clock, ClockEvent, Commitment
from sla.services.hours import hours_of

BATCH = 5_000
# What a journal row may change of a clock that exists.
CHANGING = (
    "status", "calendar_version", "team", "person", "target", "running_since", "consumed", "due_at", "warn_at",
    "warned", "risk_at", "marks", "holds", "progress", "satisfied_at", "ended_at", "met_by_booking", "applied",
)  # fmt: skip


def effort_of(commitment: Commitment) -> Effort:
    return Effort(
        commitment.attempts or 1,
        commitment.attempt_days or 0,
        commitment.attempt_calls or 0,
        commitment.attempt_channels or 0,
    )


def entry_of(row: Clock) -> Entry:
    """Select `commitment` and `calendar_version` with the row."""
    return Entry(
        lead=row.lead_id,
        handoff=row.handoff_id,
        qualification=row.qualification_id,
        kind=Kind(row.kind),
        round=row.round,
        state=_state_of(row),
        choice=_choice_of(row),
        place=Place(row.team_id, row.person_id),
        pk=row.pk,
        applied=row.applied,
    )


def _choice_of(row: Clock) -> Choice:
    return Choice(
        commitment=row.commitment_id,
        hours=hours_of(row.calendar_version),
        target=row.target,
        warnings=_percents_of(row),
        effort=effort_of(row.commitment),
        counted=row.counted,
        restarts=row.commitment.restart_on_reassign,
    )


def _percents_of(row: Clock) -> tuple[int, ...]:
    return tuple(sorted(row.commitment.warnings)) or default_warnings(row.target)


def _state_of(row: Clock) -> ClockState:
    return ClockState(
        calendar=hours_of(row.calendar_version).calendar,
        target=row.target,
        started_at=row.started_at,
        due_at=row.due_at,
        running_since=row.running_since,
        status=Status(row.status),
        consumed=row.consumed,
        percents=_percents_of(row),
        marks=tuple(row.marks),
        warned=row.warned,
        holds=tuple(row.holds),
        needed=row.needed,
        progress=row.progress,
        satisfied_at=row.satisfied_at,
        ended_at=row.ended_at,
        by_booking=row.met_by_booking,
    )


def new_row(entry: Entry) -> Clock:
    row = Clock(
        lead_id=entry.lead,
        handoff_id=entry.handoff,
        qualification_id=entry.qualification,
        kind=entry.kind.value,
        round=entry.round,
        commitment_id=entry.choice.commitment,
        started_at=entry.state.started_at,
        needed=entry.state.needed,
        counted=entry.choice.counted,
    )
    return filled(row, entry)


def filled(row: Clock, entry: Entry) -> Clock:
    """The row with everything that the entry says now."""
    state = marked(entry.state)
    row.calendar_version_id = entry.choice.hours.version
    row.team_id, row.person_id = entry.place.team, entry.place.person
    row.status, row.target, row.due_at = state.status.value, state.target, state.due_at
    row.running_since, row.consumed = state.running_since, state.consumed
    row.marks, row.warned = list(state.marks), state.warned
    row.warn_at, row.risk_at = state.warn_at, state.risk_at
    row.holds, row.progress = list(state.holds), state.progress
    row.satisfied_at, row.ended_at = state.satisfied_at, state.ended_at
    row.met_by_booking, row.applied = state.by_booking, entry.applied
    return row


def insert(rows: Sequence[Clock]) -> None:
    Clock.objects.bulk_create(rows, batch_size=BATCH)


def update(rows: Sequence[Clock]) -> None:
    """All of them in one statement: what would be inserted is there already."""
    Clock.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=CHANGING
    )


def insert_lines(entries: Iterable[Entry]) -> None:
    """The new lines of the clocks' own logs, in the order in which they were noted."""
    lines = [
        ClockEvent(
            clock_id=entry.key,
            kind=line.kind,
            at=line.at,
            recorded_at=line.recorded_at,
            event_id=line.event,
            data=line.data,
        )
        for entry in entries
        for line in entry.lines
    ]
    ClockEvent.objects.bulk_create(lines, batch_size=BATCH)
