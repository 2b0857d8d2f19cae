"""What the pages of calendars send: rows of a form, written shortly."""

from __future__ import annotations

from datetime import date
from typing import Any

from calendars import services
from calendars.models import Calendar
from calendars.queries import current_version, days_of, fingerprint
from tests.factories import make_calendar

CHRISTMAS = date(2026, 12, 25)
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


def taken(calendar: Calendar, *days: str, source: str = "NO") -> dict[str, Any]:
    return {"seen_as": fingerprint(calendar), "source": source, "take": list(days)}


def said(calendar: Calendar) -> list[str]:
    """Every day that differs, in a line each."""
    days = days_of(calendar, current_version(calendar))
    return [
        " ".join([f"{day.on}", day.kind, *map("-".join, day.windows), day.name, day.source]) for day in days
    ]


def make_named(**rules: Any) -> Calendar:
    """A calendar with Christmas by hand, New Year from the list of Norway, and Christmas Eve from noon."""
    calendar = make_calendar()
    week = current_version(calendar).rules | {"breaks": {"2026-12-24": [["12:00", "24:00"]]}} | rules
    names = services.Names(
        {CHRISTMAS: "Closed for us", date(2027, 1, 1): "New Year"}, {date(2027, 1, 1): "NO"},
        {date(2026, 12, 24): "Christmas Eve"},
    )  # fmt: skip
    services.revise_named(calendar, week, names, by=None)
    return calendar
