"""Clocks as rows: from a row to an entry of the book and back, and writing many rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from calendars.engine.business_time import BusinessCalendar
from sla.engine.clock import ClockState, Status, default_warnings, marked
from sla.engine.effort import Effort
from sla.engine.entry import Choice, Entry, Hours
from sla.engine.reading import Place
from sla.engine.table import Kind
from sla.models import Clock, ClockEvent, Commitment
from sla.services.hours import hours_by_version

BATCH = 5_000
# What a journal row may change of a clock that exists.
CHANGING = (
    "status", "calendar_version", "team", "person", "target", "running_since", "consumed", "due_at", "warn_at",
    "warned", "risk_at", "marks", "holds", "progress", "satisfied_at", "ended_at", "met_by_booking", "applied",
)  # fmt: skip
# All that an entry of the book says of a clock.
FILLED = (*CHANGING, "commitment", "started_at", "needed", "counted")


def effort_of(commitment: Commitment) -> Effort:
    return Effort(
        commitment.attempts or 1,
        commitment.attempt_days or 0,
        commitment.attempt_calls or 0,
        commitment.attempt_channels or 0,
    )


def entries_of(found: Sequence[Clock], commitments: Mapping[int, Commitment]) -> list[Entry]:
    """Entries of the book for these rows; hours are read once a version, promises once a commitment."""
    hours = hours_by_version(key for row in found if (key := row.calendar_version_id) is not None)
    efforts = {key: effort_of(commitment) for key, commitment in commitments.items()}
    zones = _zones([row for row in found if _counts_days(row, commitments[row.commitment_id])])
    return [
        _entry(
            row,
            commitments[row.commitment_id],
            hours[row.calendar_version_id],
            replace(effort, zone=zones[row.pk]) if row.pk in zones else effort,
        )
        for row in found
        for effort in (efforts[row.commitment_id],)
    ]


def _counts_days(row: Clock, commitment: Commitment) -> bool:
    """And its hours do not say in which zone."""
    is_open = row.ended_at is None and row.calendar_version_id is None
    return is_open and row.kind == Kind.FOLLOW_UP and bool(commitment.attempt_days)


def _zones(found: Sequence[Clock]) -> dict[int, str]:
    """As the choice of each says."""
    if not found:
        return {}
    lines = ClockEvent.objects.filter(clock__in=found, kind=ClockEvent.Kind.CHOSEN)
    efforts = lines.values_list("clock_id", "data__effort")
    return {clock: Effort(*effort).zone for clock, effort in efforts}


def _entry(row: Clock, commitment: Commitment, hours: Hours, effort: Effort) -> Entry:
    percents = tuple(sorted(commitment.warnings)) or default_warnings(row.target)
    choice = Choice(
        row.commitment_id, hours, row.target, percents, effort, row.counted, commitment.restart_on_reassign
    )
    return Entry(
        lead=row.lead_id,
        handoff=row.handoff_id,
        qualification=row.qualification_id,
        kind=Kind(row.kind),
        round=row.round,
        state=_state(row, hours.calendar, percents),
        choice=choice,
        place=Place(row.team_id, row.person_id),
        pk=row.pk,
        applied=row.applied,
    )


def _state(row: Clock, calendar: BusinessCalendar, percents: tuple[int, ...]) -> ClockState:
    return ClockState(
        calendar=calendar,
        target=row.target,
        started_at=row.started_at,
        due_at=row.due_at,
        running_since=row.running_since,
        status=Status(row.status),
        consumed=row.consumed,
        percents=percents,
        marks=tuple(row.marks),
        warned=row.warned,
        holds=tuple(row.holds),
        needed=row.needed,
        progress=row.progress,
        satisfied_at=row.satisfied_at,
        ended_at=row.ended_at,
        by_booking=row.met_by_booking,
    )


def filled(row: Clock, entry: Entry) -> Clock:
    """The row with everything that the entry says now."""
    state = marked(entry.state)
    row.commitment_id, row.started_at = entry.choice.commitment, state.started_at
    row.needed, row.counted = state.needed, entry.choice.counted
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


def update(rows: Sequence[Clock]) -> None:
    """All of them in one statement: what would be inserted is there already."""
    if not rows:
        return
    Clock.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=FILLED
    )
