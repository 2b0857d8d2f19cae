"""Choosing among a handoff's clocks: the one that presses, and the order in which lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sla.queries import ClockFace, clock_faces, lead_clock_faces, open_clock_faces

__all__ = [
    "GROUPS", "ClockFace", "clock_faces", "is_open", "lead_clock_faces", "open_clock_faces", "pressing", "urgency",
]  # fmt: skip

GROUPS = (
    ("bad", "Breached"),
    ("risk", "At risk"),
    ("track", "On track"),
    ("hold", "Paused"),
    ("exc", "Excused"),
    ("", "Without a clock"),
)
ORDER = {state: place for place, (state, _) in enumerate(GROUPS)}
ENDLESS = float("inf")


def is_open(face: ClockFace) -> bool:
    """Runs, is paused, or is over the time and still owed."""
    return face.ended_at is None


def pressing(faces: Iterable[ClockFace], kinds: Sequence[str]) -> ClockFace | None:
    """Of the open clocks of these kinds the one with the least time left."""
    found = [face for face in faces if face.kind in kinds and is_open(face)]
    return min(found, key=urgency, default=None)


def urgency(face: ClockFace | None) -> tuple[int, float]:
    """Breached first, then by time left; paused and clockless last."""
    if face is None:
        return ORDER[""], ENDLESS
    left = ENDLESS if face.left_seconds is None else face.left_seconds
    return ORDER.get(face.state, ORDER[""]), left
