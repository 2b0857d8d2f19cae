"""Time as people write it: "4 h", "1 h 30 m", "10 days"."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

SPAN = re.compile(r"(?:(\d{1,4})\s*h(?:ours?)?)?\s*(?:(\d{1,5})\s*m(?:in(?:utes?)?)?)?", re.IGNORECASE)
DAYS = re.compile(r"(\d{1,4})\s*d(?:ays?)?", re.IGNORECASE)


def read_span(text: str) -> str:
    """As agreement files write it. Raises ValidationError."""
    said = text.strip()
    if days := DAYS.fullmatch(said):
        return f"{int(days[1])}d"
    found = SPAN.fullmatch(said)
    if not said or not found:
        raise ValidationError("Write time such as 30 m, 4 h or 10 days.")
    hours, minutes = (int(part or 0) for part in found.groups())
    return f"{hours * 60 + minutes}m"
