"""When a person can be written to: the hours of the teams, or the person's own."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from accounts.models import Membership, User
from accounts.queries import organisation
from calendars.engine.business_time import BusinessCalendar
from calendars.engine.zones import zone_names
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
    name = person.time_zone or organisation().time_zone
    zone = ZoneInfo(name if name in zone_names() else "UTC")  # one bad name must not hold up everybody's mail
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _calendars(person: User) -> list[BusinessCalendar]:
    seats = Membership.objects.filter(user=person, team__is_active=True).values_list(
        "calendar", "team__calendar"
    )
    named = {own or of_team for own, of_team in seats}
    current = CalendarVersion.objects.filter(calendar__in=named, is_current=True)
    return [business_calendar(version) for version in current]
