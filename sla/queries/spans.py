"""Spans of business time in words."""

from __future__ import annotations

from datetime import timedelta


def span_words(span: timedelta) -> str:
    """Business time: never said in days, whose length depends on who works."""
    minutes = round(span.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} m"] if rest or not hours else [])])
