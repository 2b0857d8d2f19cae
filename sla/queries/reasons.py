"""Why a clock is due when it is, in a sentence: how much ran on which day, and what was closed between."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from calendars.engine.business_time import (
    BusinessCalendar,
    Closure,
    business_time_between,
    open_intervals,
    skipped_days,
)
from common.moments import midnight
from common.templatetags.words import moment_inline, span

FEW_DAYS = timedelta(days=45)
CLOSED = {Closure.HOLIDAY: "holiday", Closure.BREAK: "closed", Closure.NO_HOURS: ""}


def why_due(
    calendar: BusinessCalendar, started: datetime, target: timedelta, due: datetime | None, waited: timedelta
) -> str:
    """Short for spans of a few days; a clock that stands has no due moment to explain."""
    if due is None:
        return "It stands; the time that is left runs on when it resumes."
    parts = [f"Due {moment_inline(due)}: {span(target)} from {moment_inline(started)}"]
    if due - started <= FEW_DAYS:
        parts += _parts(calendar, started, due)
    if waited > timedelta():
        parts.append(f"stood for {span(waited)}")
    return ", ".join(parts) + "."


def _parts(calendar: BusinessCalendar, started: datetime, due: datetime) -> list[str]:
    zone = ZoneInfo(calendar.tz)
    first, last = started.astimezone(zone).date(), due.astimezone(zone).date()
    said = []
    if first != last:
        ran = business_time_between(calendar, started, midnight(first + timedelta(days=1), zone))
        if ran:
            said.append(f"{span(ran)} ran on {first:%A}")
        said += [f"closed {night}" for night in _nights(calendar, started, due)]
    closed = [f"{skipped.on:%a} {skipped.on.day} {skipped.on:%b}{_said(skipped.reason)}"
              for skipped in skipped_days(calendar, started, due)]  # fmt: skip
    return said + ([f"not on {', '.join(closed)}"] if closed else [])


def _nights(calendar: BusinessCalendar, started: datetime, due: datetime) -> list[str]:
    """The first closed span between two open ones, on the reader's clock."""
    stretches = list(open_intervals(calendar, started, due))
    if len(stretches) < 2:
        return []
    (_, closes), (opens, _) = stretches[:2]
    return [f"{timezone.localtime(closes):%H:%M} to {timezone.localtime(opens):%H:%M}"]


def _said(reason: Closure) -> str:
    word = CLOSED[reason]
    return f" ({word})" if word else ""
