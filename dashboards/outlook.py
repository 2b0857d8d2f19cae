"""Where a sum promised for a period stands by now, and what the period will bring."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import dropwhile
from zoneinfo import ZoneInfo

from calendars.engine.business_time import BusinessCalendar
from common.database.moments import Period, midnight
from dashboards.engine import pace
from dashboards.engine.pace import Forecast, Pace, WorkingDays
from dashboards.engine.periods import DAY, Days
from dashboards.kpis.asked import Asked, calendar_of
from dashboards.kpis.period import Arrivals, arrivals

LOOK_BACK = timedelta(days=45)  # holds 20 working days also over the turn of the year


@dataclass(frozen=True, slots=True)
class Outlook:
    """`forecast` None: too early to say."""

    pace: Pace
    forecast: Forecast | None


def outlook(asked: Asked, days: Days, zone: ZoneInfo, actual: float) -> Outlook:
    """Of a promise with an amount, in a period that is not over."""
    calendar = calendar_of(asked.commitment, zone)
    whole = working_days(calendar, days.first, days.until, zone)
    gone = whole.gone(asked.at)
    at_pace = Pace(float(asked.commitment.amount or 0), actual, gone, whole.total)
    return Outlook(at_pace, pace.forecast(actual, _recent(asked, calendar, zone), whole.total - gone))


def working_days(calendar: BusinessCalendar, first: date, until: date, zone: ZoneInfo) -> WorkingDays:
    edges = [midnight(first + DAY * n, zone) for n in range((until - first).days + 1)]
    return pace.working_days(calendar, edges)


def _recent(asked: Asked, calendar: BusinessCalendar, zone: ZoneInfo) -> list[float]:
    """What each of the last whole working days before today brought, from the first that brought anything on."""
    today = asked.at.astimezone(zone).date()
    days = working_days(calendar, today - LOOK_BACK, today, zone)
    before = replace(asked, period=Period(days.edges[0], days.edges[-1]))
    daily = pace.by_working_day(_binned(arrivals(before), days.edges), days.weights)
    return list(dropwhile(lambda amount: not amount, daily))


def _binned(came: Arrivals, edges: Sequence[datetime]) -> list[float]:
    found = [0.0] * (len(edges) - 1)
    for at, amount in came:
        found[bisect_right(edges, at) - 1] += amount
    return found
