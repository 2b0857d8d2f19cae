"""Periods people name: weeks, months and quarters on the calendar of the reporting zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
SHORT = [name[:3] for name in MONTHS]
WEEK_KEY = re.compile(r"(\d{4})-W(\d{2})")
MONTH_KEY = re.compile(r"(\d{4})-(\d{2})")
QUARTER_KEY = re.compile(r"(\d{4})-Q([1-4])")
SPAN_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `first` to before `until`; `key` names them in an address, `name` on a page."""

    kind: str
    key: str
    name: str
    first: date
    until: date

    @property
    def last(self) -> date:
        return self.until - DAY

    def is_over(self, today: date) -> bool:
        return self.until <= today


def week_of(day: date) -> Days:
    """Monday to Sunday, named by ISO 8601."""
    first = day - timedelta(days=day.weekday())
    return Days("week", week_label(first), f"Week {first.isocalendar().week}", first, first + 7 * DAY)


def month_of(day: date) -> Days:
    first = day.replace(day=1)
    return Days(
        "month", month_label(first), f"{MONTHS[first.month - 1]} {first.year}", first, _next_month(first)
    )


def quarter_of(day: date) -> Days:
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    until = date(day.year + 1, 1, 1) if number == 3 else date(day.year, 3 * number + 4, 1)
    return Days("quarter", f"{day.year}-Q{number + 1}", f"Q{number + 1} {day.year}", first, until)


def span(first: date, until: date) -> Days:
    """Any days; raises ValueError when they end before they begin."""
    if until < first:
        raise ValueError("A period ends after it begins.")
    shown = until - DAY if until > first else until
    name = f"{first.day} {SHORT[first.month - 1]} {first.year} to {shown.day} {SHORT[shown.month - 1]} {shown.year}"
    return Days("custom", f"{first.isoformat()}..{until.isoformat()}", name, first, until)


KINDS = {"week": week_of, "month": month_of, "quarter": quarter_of}


def meant(first: date, until: date) -> Days:
    """The week, month or quarter that these days are; any others are just days. Raises ValueError as `span`."""
    whole = (make(first) for make in KINDS.values())
    return next((days for days in whole if (days.first, days.until) == (first, until)), span(first, until))


def named(key: str, today: date) -> Days:
    """What an address means: `month`, `2026-11`, `2026-W47`, `2026-Q4` or two days. Raises ValueError."""
    if key in KINDS:
        return KINDS[key](today)
    if found := WEEK_KEY.fullmatch(key):
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := MONTH_KEY.fullmatch(key):
        return month_of(date(int(found[1]), int(found[2]), 1))
    if found := QUARTER_KEY.fullmatch(key):
        return quarter_of(date(int(found[1]), 3 * int(found[2]) - 2, 1))
    if found := SPAN_KEY.fullmatch(key):
        return span(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    raise ValueError("No period has this name.")


def before(days: Days) -> Days:
    """The period of the same kind just before."""
    if days.kind in KINDS:
        return KINDS[days.kind](days.first - DAY)
    return span(days.first - (days.until - days.first), days.first)


def after(days: Days) -> Days:
    """The period of the same kind just after."""
    if days.kind in KINDS:
        return KINDS[days.kind](days.until)
    return span(days.until, days.until + (days.until - days.first))


def week_label(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_label(day: date) -> str:
    return f"{day.year}-{day.month:02}"


def weeks(first: date, until: date) -> Iterator[tuple[str, date]]:
    """Each week that the days touch: its name and its first day among them."""
    day = first
    while day < until:
        yield week_label(day), day
        day = week_of(day).until


def months(first: date, until: date) -> Iterator[tuple[str, date]]:
    """Each month that the days touch: its name and its first day among them."""
    day = first
    while day < until:
        yield month_label(day), day
        day = _next_month(day)


def working_days(first: date, until: date) -> int:
    """Mondays to Fridays from `first` to before `until`."""
    full, rest = divmod(max((until - first).days, 0), 7)
    return 5 * full + sum((first.weekday() + extra) % 7 < 5 for extra in range(rest))


def _next_month(day: date) -> date:
    return date(day.year + 1, 1, 1) if day.month == 12 else date(day.year, day.month + 1, 1)
