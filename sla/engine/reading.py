"""Reading a journal row: which row of the table it is, where the cycle then lies, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from sla.engine.effort import Attempt

ATTEMPTS = frozenset({"attempted", "contacted"})


class JournalRow(Protocol):
    """A row of the leads' journal, as far as clocks read it."""

    pk: Any
    kind: Any
    lead_id: Any
    handoff_id: Any
    qualification_id: Any
    actor_id: Any
    at: Any
    recorded_at: Any
    implied: Any
    historic: Any
    data: Any


@dataclass(frozen=True, slots=True)
class Place:
    """Who answers: a team, and a person of it unless it lies in the pool."""

    team: int | None = None
    person: int | None = None


@dataclass(slots=True)
class Cycle:
    """What clocks need to know of one handoff while its journal is read."""

    qualification: int
    place: Place = Place()
    setter: Place = Place()
    hand_raise: bool = False
    followed: str = ""  # how the cycle that this one reopens was closed
    attempts: list[Attempt] = field(default_factory=list)

    def read(self, event: JournalRow) -> None:
        """Move on to where this row leaves the cycle."""
        data: Mapping[str, Any] = event.data
        if event.kind == "passed":
            self.setter = self.place
        if event.kind == "sent_back":
            self.place = self.setter
        elif "team" in data:
            self.place = Place(data["team"], data.get("person"))
        elif event.kind in ("claimed", "accepted") and data.get("person") is not None:
            self.place = replace(self.place, person=data["person"])
        elif event.kind == "taken" and self.place.person is None:
            self.place = replace(self.place, person=event.actor_id)
        if event.kind == "raised_again" or data.get("hand_raise"):
            self.hand_raise = True
        if event.kind in ATTEMPTS:
            self.attempts.append(attempt_of(event.kind, event.at, data))


def attempt_of(kind: str, at: datetime, data: Mapping[str, Any]) -> Attempt:
    settles = kind == "contacted" or data.get("outcome") == "meeting_booked"
    return Attempt(at, data.get("channel") or "unknown", settles)


def table_row(event: JournalRow, before: Place, cycle: Cycle | None) -> str:
    """The name of its row in the table. `before` is where the cycle lay until now."""
    kind, data = str(event.kind), event.data
    if kind == "rejected":
        return "rejected to fix" if data.get("next_step") == "fix" else "rejected for good"
    if kind in ("redirected", "reassigned"):
        moved = data.get("from_team", before.team) != data.get("team")
        return f"{kind} to another team" if moved else kind
    if kind == "returned":
        return "returned while a hand raise waits" if cycle and cycle.hand_raise else kind
    if kind == "accepted":
        return "accepted by a booking" if data.get("by") == "booking" else kind
    if kind in ("booked", "moved"):
        return f"{kind} by the buyer" if data.get("booked_by") == "buyer" else kind
    if kind == "reopened" and cycle:
        return reopened(data.get("status", ""), cycle.followed)
    return kind


def reopened(status: str, closed_as: str) -> str:
    """Which row of the table a reopening is: by the status that comes again, and by how the old cycle closed."""
    if status == "offered" and closed_as == "rejected":
        return "reopened as an offer"
    if status == "accepted" and closed_as in ("disqualified", "recycled"):
        return "reopened as accepted"
    return "reopened"
