"""When a meeting is, in words: always with its day and its time."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime


def meeting_words(at: datetime) -> str:
    """In the time zone of the page."""
    return f"{localtime(at):%a %-d %b, %H:%M}"
