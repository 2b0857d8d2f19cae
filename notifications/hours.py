"""When a person can be written to: the hours of the teams, or the person's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from accounts.models import Membership, User
from accounts.queries import organisation
from calendars.engine.business_time import BusinessCalendar
from calendars.models import CalendarVersion
from calendars.queries import business_calendar, openness


def opens_at(person: User, at: datetime) -> datetime | None:
    """When the closed hours of this person end; None while one of the calendars is open, or nobody says which.

    Whoever works by a 24x7 calendar, such as that of the duty, is never closed.
    """
    found = [openness(calendar, at) for calendar in _calendars(person)]
    if not found or any(one.is_open for one in found):
        return None
    return min((one.changes_at for one in found if one.changes_at), default=None)


def day_of(person: User, at: datetime) -> datetime:
    """When this person's day began."""
    zone = ZoneInfo(person.time_zone or organisation().time_zone)
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _calendars(person: User) -> Iterable[BusinessCalendar]:
    seats = Membership.objects.filter(user=person, team__is_active=True).values_list(
        "calendar", "team__calendar"
    )
    named = {own or of_team for own, of_team in seats}
    for version in CalendarVersion.objects.filter(calendar__in=named, is_current=True):
        try:
            yield business_calendar(version)
        except ValueError:  # hours that cannot be read keep nobody from being told (F31)
            continue
