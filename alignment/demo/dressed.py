"""Figures that look better than they are: stories 5 and 11, which the signals of the dashboard tell."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from alignment.demo import people
from alignment.demo.floor import Place
from alignment.demo.thread import NotYetError
from alignment.demo.world import OSLO
from calendars.engine.business_time import is_open

if TYPE_CHECKING:
    from alignment.demo.stories import Stories

LAST_MINUTE = 9
LONG_AFTER = timedelta(hours=75)
BURST, BURST_ACCEPTED = 100, 43
LAST_DAYS = 3
SPONSORED = "Sponsored webinar"


def tell(stories: Stories) -> None:
    last_minute(stories)
    month_end(stories)


def last_minute(stories: Stories) -> None:
    """Story 11: Tom accepts nine at 16:52, minutes before they are due, and calls nobody for three days."""
    tom, day = stories.world.people["Tom Okafor"], _full_day(stories)
    for number in range(LAST_MINUTE):
        offered_at = _at(day, time(12, 53)) + timedelta(seconds=31 * number)
        thread = stories.meet("Content", offered_at - timedelta(minutes=9), country="NO")
        with suppress(NotYetError):
            stories.offer(thread, offered_at, Place(people.MIDMARKET, tom, "Round robin of Mid-market EMEA"))
            accepted_at = _at(day, time(16, 52)) + timedelta(seconds=5 * number)
            thread.do("accept", accepted_at, tom, data={"by": "act"})
            tried_at = stories.world.later("Bergen", accepted_at + LONG_AFTER, timedelta(minutes=20 * number))
            stories.cycles.try_once(thread, tried_at, tom, contact=False)
            stories.cycles.pursue(thread, tom, qualifies=False)
        thread.finish()


def month_end(stories: Stories) -> None:
    """Story 5: in its last three working days last month is filled up, and sales accepts half of it."""
    days, world = last_days(stories.world.at), stories.world
    for number in range(BURST):
        at = world.later("Bergen", _at(days[number % LAST_DAYS], time(8)), timedelta(minutes=5 * number))
        if at >= world.at:  # in the first days of January the working hours of December do not hold them all
            continue
        thread = stories.meet(SPONSORED, at - timedelta(minutes=12), country=("NO", "SE", "DE")[number % 3])
        rep = stories.floor.turn(people.MIDMARKET, at)
        answered_at = world.later("Bergen", at, timedelta(minutes=20 + 7 * (number % 11)))
        with suppress(NotYetError):
            stories.offer(thread, at, Place(people.MIDMARKET, rep, "Round robin of Mid-market EMEA"))
            if number * BURST_ACCEPTED % BURST < BURST_ACCEPTED:
                stories.cycles.try_once(thread, answered_at, rep)
                stories.cycles.pursue(thread, rep, qualifies=False)
            else:
                stories.cycles.reject_for(thread, answered_at, rep, "below_criterion")
        thread.finish()


def _full_day(stories: Stories) -> date:
    """The newest Monday to Wednesday, at least nine days ago, on which Bergen works until five."""
    day = stories.world.at.astimezone(OSLO).date() - timedelta(days=9)
    hours = stories.world.hours["Bergen"]
    while day.weekday() > 2 or not all(is_open(hours, _at(day, time(hour, 50))) for hour in (8, 12, 16)):
        day -= timedelta(days=1)
    return day


def last_days(at: datetime) -> list[date]:
    """The last three working days of the month before this one."""
    day = at.astimezone(OSLO).date().replace(day=1)
    found: list[date] = []
    while len(found) < LAST_DAYS:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found[::-1]


def _at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, OSLO).astimezone(UTC)
