"""The state of a lead and its newest cycle, and the acts that change it. Values only; no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

OPEN = frozenset({"offered", "returned", "accepted", "qualified"})

INQUIRY = "inquiry"
MARKETING_QUALIFIED = "marketing_qualified"
SALES_ACCEPTED = "sales_accepted"
SALES_QUALIFIED = "sales_qualified"
CUSTOMER = "customer"
RECYCLED = "recycled"
DISQUALIFIED = "disqualified"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One handoff as the rules see it. Every field is a column of the same name (ids for references)."""

    status: str
    team: int | None = None
    holder: int | None = None
    setter: int | None = None
    setter_team: int | None = None
    redirects: int = 0
    attempts_count: int = 0
    contact_made: bool = False
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: int | None = None
    accepted_at: datetime | None = None
    first_response_at: datetime | None = None
    qualified_at: datetime | None = None
    passed_at: datetime | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    paused_at: datetime | None = None
    pause_ends_at: datetime | None = None
    meeting_at: datetime | None = None
    takeover_at: datetime | None = None
    until_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def awaits_taking(self) -> bool:
        """Passed to a closer who has neither taken nor sent it back."""
        return self.passed_at is not None and self.taken_at is None


@dataclass(frozen=True, slots=True)
class Journey:
    """A lead's stage and its newest cycle."""

    stage: str = INQUIRY
    cycle: Cycle | None = None

    @property
    def open_cycle(self) -> Cycle | None:
        return self.cycle if self.cycle is not None and self.cycle.is_open else None


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does, at one moment. Only the fields that the verb reads are set."""

    verb: str
    at: datetime
    by: int | None = None
    team: int | None = None
    person: int | None = None
    until: date | None = None
    ends_at: datetime | None = None
    meets_at: datetime | None = None
    next_step: str = ""
    outbound: bool = True
    contact: bool = False
    accepts: bool = False
    joined: bool = False
    hand_raise: bool = False
    resumes_as: str = ""
    stage: str = ""
    manager: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A new holder: who holds the cycle from now on, and why the one before ended."""

    team: int | None
    person: int | None
    ended: str
    part: str = "setter"


@dataclass(frozen=True, slots=True)
class Row:
    """One journal row that an act writes."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The new state, the journal rows, and the change of holder if there is one."""

    journey: Journey
    rows: tuple[Row, ...]
    span: Span | None = None
