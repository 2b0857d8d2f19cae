"""The four working calendars of Northwater."""

from __future__ import annotations

from datetime import date
from typing import Any

from calendars import services
from calendars.engine.business_time import BusinessCalendar
from calendars.engine.public_holidays import public_holidays, source_of
from calendars.models import Calendar
from calendars.queries import business_calendar, current_version

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = {**{day: [["08:00", "17:00"]] for day in WEEK[:4]}, "fri": [["08:00", "16:00"]]}
AMERICAN = {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in WEEK[:5]}
ALL_DAY = {day: [["07:00", "22:00"]] for day in WEEK}

# Name: zone, hours, country and region of the public holidays.
CALENDARS: dict[str, tuple[str, dict[str, list[list[str]]], tuple[str, str]]] = {
    "Bergen": ("Europe/Oslo", OFFICE, ("NO", "")),
    "Hamburg": ("Europe/Berlin", OFFICE, ("DE", "HH")),
    "Boston": ("America/New_York", AMERICAN, ("US", "MA")),
    "Duty": ("Europe/Oslo", ALL_DAY, ("", "")),
}
CLOSED_BY_US = {(12, 24): "Christmas Eve", (12, 31): "New Year's Eve"}


def create(today: date) -> dict[str, Calendar]:
    """All four, with the holidays of the years around today."""
    years = range(today.year - 2, today.year + 2)
    return {name: _create(name, years) for name in CALENDARS}


def hours_of(calendars: dict[str, Calendar]) -> dict[str, BusinessCalendar]:
    return {name: business_calendar(current_version(calendar)) for name, calendar in calendars.items()}


def _create(name: str, years: range) -> Calendar:
    zone, hours, (country, region) = CALENDARS[name]
    closed = _closed(country, region, years) if country else {}
    rules: dict[str, Any] = {"tz": zone, "hours": hours}
    own = set(CLOSED_BY_US.values()) if country != "US" else set()
    sources = {day: source_of(country, region) for day, called in closed.items() if called not in own}
    return services.create(name, rules, holidays=closed, sources=sources, by=None)


def _closed(country: str, region: str, years: range) -> dict[date, str]:
    found = public_holidays(country, region, years)
    named = {day.on: day.name for day in found if day.on.weekday() < 5}
    if country != "US":
        eves = {date(year, *eve): name for year in years for eve, name in CLOSED_BY_US.items()}
        named |= {day: name for day, name in eves.items() if day.weekday() < 5}
    return dict(sorted(named.items()))
