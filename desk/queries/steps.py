"""The stage bar of a lead: what it reached and when, and what is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.queries.clocks import ClockFace
from leads.models import Handoff, Lead, Qualification


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: reached at a moment, or due by one."""

    label: str
    at: datetime | None = None
    due_at: datetime | None = None
    current: bool = False
    late: bool = False

    @property
    def done(self) -> bool:
        return self.at is not None and not self.current


def steps_of(
    lead: Lead, handoff: Handoff | None, qualification: Qualification | None, faces: Iterable[ClockFace]
) -> list[Step]:
    """Captured to SQL, with Taken where a closer takes over; a closed cycle ends with how it closed."""
    due = {face.kind: face for face in faces if face.due_at and face.satisfied_at is None}
    reached = _reached(lead, handoff, qualification)
    ahead = _ahead(handoff) if handoff is None or handoff.is_open else []
    here = reached[-1]
    steps = [Step(label, at) for label, at in reached[:-1]]
    steps.append(Step(here[0], here[1], current=True))
    steps += [_due(label, due.get(kind)) for label, kind in ahead if label not in dict(reached)]
    return steps


def _due(label: str, face: ClockFace | None) -> Step:
    return Step(label, due_at=face.due_at, late=face.state == "bad") if face else Step(label)


def _reached(
    lead: Lead, handoff: Handoff | None, qualification: Qualification | None
) -> list[tuple[str, datetime]]:
    moments: list[tuple[str, datetime | None]] = [
        ("Captured", lead.created_at),
        ("MQL", qualification.at if qualification else None),
    ]
    if handoff is not None:
        moments += [
            ("Offered", handoff.offered_at),
            ("Accepted", handoff.accepted_at),
            ("First response", handoff.first_response_at),
            ("SQL", handoff.qualified_at),
            ("Taken", handoff.taken_at),
        ]
        if handoff.closed_at:
            moments.append((handoff.get_status_display(), handoff.closed_at))
    return [(label, at) for label, at in moments if at is not None]


def _ahead(handoff: Handoff | None) -> list[tuple[str, str]]:
    if handoff is None:
        return [("MQL", ""), ("Offered", "handover"), ("Accepted", ""), ("First response", ""), ("SQL", "")]
    ahead = [("Accepted", "answer"), ("First response", "first_response"), ("SQL", "disposition")]
    return [*ahead, ("Taken", "take")] if handoff.passed_at else ahead
