"""Why a clock is due when it is, in a sentence: how much ran on which day, and what was closed between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from common.database.moments import midnight
from common.templatetags.words import moment_inline, span

FEW_DAYS = timedelta(days=45)
CLOSED = {Closure.HOLIDAY: "holiday", Closure.BREAK: "closed", Closure.NO_HOURS: ""}


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stood from a moment until another (None: it still does), with so much of its time used before."""

    start: datetime
    end: datetime | None
    used: timedelta


def why_due(
    calendar: BusinessCalendar,
    started: datetime,
    target: timedelta,
    due: datetime | None,
    waited: timedelta,
    pauses: Sequence[Pause] = (),
) -> str:
    """Short for spans of a few days. Who knows the pauses is told them, else how long it stood."""
    if due is None:
        return _stands(target, pauses, hours_a_day(calendar))
    day = hours_a_day(calendar)
    parts = [f"Due {spoken(due)}: {span(target, day)} from {spoken(started)}"]
    if pauses:
        parts += _paused(target, pauses, day)
    elif waited > timedelta():
        parts.append(f"stood for {span(waited, day)}")
    elif due - started <= FEW_DAYS:
        parts += _parts(calendar, started, due)
    return ", ".join(parts) + "."


def hours_a_day(calendar: BusinessCalendar) -> float:
    """How long a working day is: what "2 d left" means in these hours."""
    days = [sum(end - start for start, end in ranges) for ranges in calendar.hours if ranges]
    return sum(days) / len(days) / 3_600_000_000 if days else 24


def spoken(at: datetime) -> str:
    """A moment with its weekday and hour, however far away: "Tue 11:00", "Tue 3 Nov 11:00"."""
    words = moment_inline(at)
    local = timezone.localtime(at)
    return words if words.endswith(f"{local:%H:%M}") else f"{local:%a} {words} {local:%H:%M}"


def _stands(target: timedelta, pauses: Sequence[Pause], day: float) -> str:
    if not pauses:
        return "It stands; the time that is left runs on when it resumes."
    since, left = spoken(pauses[-1].start), span(target - pauses[-1].used, day)
    return f"It stands since {since}; {left} of {span(target, day)} runs on when it resumes."


def _paused(target: timedelta, pauses: Sequence[Pause], day: float) -> list[str]:
    last = pauses[-1]
    often = [f"paused {len(pauses)} times"] if len(pauses) > 1 else []
    after = [f"{span(target - last.used, day)} left from {spoken(last.end)}"] if last.end else []
    return [*often, f"{span(last.used, day)} used until it was paused {spoken(last.start)}", *after]


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
