"""What is due next on a handoff, as the sentence that follows an act."""

from __future__ import annotations

from datetime import datetime

from common.templatetags.words import moment
from desk.queries.clocks import pressing
from desk.queries.lead import KINDS, faces_of
from leads.models import Handoff

RELATIVE = ("Today", "Tomorrow", "Yesterday")


def next_due(handoff: Handoff, *, at: datetime) -> str:
    """ "First response due today 14:20."; empty where no clock runs."""
    face = pressing(faces_of(handoff, at=at), KINDS)
    if face is None or face.due_at is None or face.due_at < at:
        return ""
    return f"{face.label} due {inline(face.due_at, at)}."


def inline(when: datetime, now: datetime) -> str:
    """A moment inside a sentence."""
    words = moment(when, now)
    first, space, rest = words.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in RELATIVE else words
