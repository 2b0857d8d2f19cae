"""What is known of a company before it agrees on anything: its events, its people, its hours, its past sales."""

from __future__ import annotations

import re
from datetime import timedelta
from statistics import median

from accounts.models import Membership, Team
from accounts.models.team import MARKETING_FUNCTIONS
from calendars.queries import active_calendars, business_calendar, with_current_version
from common.web.once import once_a_page
from leads.models import Deal, TouchKind
from sla.engine.starter import ALL_HOURS, Answers, Company, Cover, Cycle, Reps
from sla.queries.calendars import week_of

EVENT = re.compile(
    r"webinar|event|conference|congress|fair|trade.?show|workshop|seminar|meet.?up|summit|road.?show|exhibition",
    re.IGNORECASE,
)
ENOUGH_DEALS = 10
NEWEST_DEALS = 200
MONTH = timedelta(days=30)
LONG_WEEK = timedelta(hours=60)
ANSWERING = ("development", "sales")


@once_a_page
def company() -> Company:
    """Marketing works by the hours of its first team; without one, by the first calendar there is."""
    kinds = TouchKind.objects.filter(is_active=True, hand_raise=False).order_by("key")
    events = tuple(kind.key for kind in kinds if EVENT.search(f"{kind.key} {kind.label}"))
    team = Team.objects.filter(function__in=MARKETING_FUNCTIONS, is_active=True).order_by("position", "name")
    first = team.select_related("calendar").first()
    calendar = first.calendar if first else active_calendars().first()
    return Company(events, calendar.name if calendar else ALL_HOURS)


def guesses() -> Answers:
    """The three answers as far as they can be read; what is not known is the middle one."""
    return Answers(_cycle(), _reps(), _cover())


def _cycle() -> Cycle:
    won = Deal.objects.filter(outcome=Deal.Outcome.WON, closed_at__isnull=False).order_by("-closed_at")
    pairs = won.values_list("opened_at", "closed_at")[:NEWEST_DEALS]
    spans = [(closed - opened).total_seconds() for opened, closed in pairs if closed]
    if len(spans) < ENOUGH_DEALS:
        return Cycle.MONTHS
    usual = timedelta(seconds=median(spans))
    return Cycle.WEEKS if usual < MONTH else Cycle.MONTHS if usual <= 3 * MONTH else Cycle.LONG


def _reps() -> Reps:
    reps = Membership.objects.filter(
        role=Membership.Role.REP, team__function__in=ANSWERING, user__is_active=True
    )
    count = reps.values("user").distinct().count()
    return Reps.SOME if not count or 4 <= count <= 12 else Reps.FEW if count < 4 else Reps.MANY


def _cover() -> Cover:
    used = with_current_version().filter(teams__function__in=ANSWERING, teams__is_active=True).distinct()
    hours = [business_calendar(vars(calendar)["current"][0]) for calendar in used]
    if any(sum((day.open_for for day in week_of(one)), timedelta()) > LONG_WEEK for one in hours):
        return Cover.LONG_HOURS
    return Cover.ZONES if len({one.tz for one in hours}) > 1 else Cover.OFFICE
