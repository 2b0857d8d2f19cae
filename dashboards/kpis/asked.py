"""What is asked about a promise over a period, and the hours it is measured in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Team
from calendars.engine.business_time import BusinessCalendar
from calendars.engine.calendar import OFFICE_HOURS
from calendars.models import Calendar
from calendars.queries import business_calendar, current_version
from common.database.moments import Period
from dashboards.questions import Filters
from sla.models import Commitment

Kind = Commitment.Kind
Reckon = Callable[[BusinessCalendar, datetime, timedelta], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """One commitment over one period of days of `zone`; `at` says what is known, `filters` whose rows count."""

    commitment: Commitment
    period: Period
    at: datetime
    zone: ZoneInfo
    currency: str = "USD"
    filters: Filters = field(default_factory=Filters)

    @property
    def target(self) -> timedelta:
        """Business time; none where the promise names none."""
        return self.commitment.target or timedelta()


def calendar_of(commitment: Commitment, zone: ZoneInfo) -> BusinessCalendar:
    """The one it names; else that of the first team that answers, as when days are turned into hours."""
    if commitment.calendar_choice == Commitment.CalendarChoice.ALWAYS:
        return BusinessCalendar.always()
    meant: Calendar | None = commitment.calendar
    if meant is None:
        answering = Team.objects.filter(is_active=True, function__in=["development", "sales"])
        first = answering.select_related("calendar").order_by("position", "name").first()
        meant = first.calendar if first else None
    if meant is None:
        return BusinessCalendar.from_dict({"tz": zone.key, "hours": OFFICE_HOURS})
    return business_calendar(current_version(meant))


def by_hours(reckon: Reckon, calendar: BusinessCalendar, at: datetime, amount: timedelta) -> datetime | None:
    """So much business time after or before a moment; None where the hours, such as those of a roster, lack it."""
    try:
        return reckon(calendar, at, amount)
    except ValueError:
        return None
