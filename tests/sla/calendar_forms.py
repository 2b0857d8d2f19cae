"""What the pages of calendars send: rows of a form, written shortly."""

from __future__ import annotations

from calendars.models import Calendar
from calendars.queries import fingerprint

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("on", "kind", "start", "end", "name", "remove")


def ranges(text: str) -> list[list[str]]:
    """`09:00-12:00 13:00-17:00` as pairs."""
    return [one.split("-") for one in text.split()]


def week(name: str = "Boston", tz: str = "America/New_York", **days: str) -> dict[str, str]:
    """The form of opening hours; each day as `09:00-12:00 13:00-17:00`."""
    sent = {"name": name, "tz": tz}
    for key in WEEK:
        pairs = ranges(days.get(key, ""))
        sent |= {f"{key}-TOTAL_FORMS": str(len(pairs)), f"{key}-INITIAL_FORMS": "0"}
        for at, (start, end) in enumerate(pairs):
            sent |= {f"{key}-{at}-start": start, f"{key}-{at}-end": end}
    return sent


def edited(calendar: Calendar, **said: str) -> dict[str, str]:
    """The same for a calendar as it stands."""
    return week(**{"mon": "09:00-12:00 13:00-18:00"} | said) | {"seen_as": fingerprint(calendar)}


def day_rows(calendar: Calendar, *rows: str) -> dict[str, str]:
    """The days of a year; a row is `2026-12-24 break 12:00 - Christmas Eve`, a dash says nothing."""
    sent = {"seen_as": fingerprint(calendar), "days-TOTAL_FORMS": str(len(rows)), "days-INITIAL_FORMS": "0"}
    for at, row in enumerate(rows):
        words = dict(zip(DAY_NAMES, row.split(" ", 4), strict=False))
        sent |= {f"days-{at}-{name}": word for name, word in words.items() if word != "-"}
    return sent
