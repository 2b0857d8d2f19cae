"""When leads come: by source, month, weekday and hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alignment.demo import names
from alignment.demo.campaigns import Running
from alignment.demo.world import MONTHS, OSLO, World, begins


@dataclass(frozen=True, slots=True)
class Source:
    """One source of leads: leads a month, and each step's share of the step before."""

    leads: int
    mql: float
    accepted: float
    sql: float
    won: float


SOURCES = {
    "Demo request": Source(70, 0.62, 0.88, 0.55, 0.26),
    "Webinar": Source(210, 0.24, 0.68, 0.32, 0.16),
    "Content": Source(260, 0.22, 0.60, 0.25, 0.14),
    "Paid search": Source(120, 0.32, 0.72, 0.38, 0.18),
    "Event": Source(75, 0.30, 0.66, 0.35, 0.18),
    "Partner": Source(25, 0.70, 0.90, 0.55, 0.30),
    "Organic": Source(20, 0.45, 0.70, 0.35, 0.17),
}
SEASON = (1.06, 1.08, 1.14, 1.02, 1.00, 0.97, 0.78, 0.72, 1.20, 1.26, 1.12, 0.65)
WEEKDAYS = (0.20, 0.22, 0.21, 0.19, 0.12, 0.03, 0.03)
HOURS = {8: 0.6, 9: 1.5, 10: 1.6, 11: 0.9, 12: 0.6, 13: 1.3, 14: 1.5, 15: 1.4, 16: 0.7, 17: 0.3}
EVENINGS = {6: 0.5, 7: 0.8, 18: 1.0, 19: 1.3, 20: 1.5, 21: 1.4, 22: 0.9, 23: 0.4}
OUT_OF_HOURS = {"Demo request": 0.22, "Event": 0.0}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One lead that comes: from where, when, to which country's clock, and whether it shall qualify."""

    at: datetime
    source: str
    country: str
    qualifies: bool
    campaign: Running | None


def all_of(world: World) -> list[Arrival]:
    """Everyone who came before today's moment, in order."""
    found = [arrival for month in _months(world.at) for arrival in _of_month(world, month)]
    return sorted((arrival for arrival in found if arrival.at < world.at), key=lambda arrival: arrival.at)


def _months(at: datetime) -> Iterator[date]:
    first = begins(at).astimezone(OSLO).date()
    for offset in range(MONTHS + 1):
        number = first.year * 12 + first.month - 1 + offset
        yield date(number // 12, number % 12 + 1, 1)


def _of_month(world: World, month: date) -> Iterator[Arrival]:
    days = _days(month)
    for name, source in SOURCES.items():
        weights = _spikes(world, days) if name == "Event" else {day: WEEKDAYS[day.weekday()] for day in days}
        count = world.chance.whole_near(source.leads * SEASON[month.month - 1])
        qualified = world.chance.whole_near(count * source.mql)
        marks = world.chance.shuffled([True] * qualified + [False] * (count - qualified))
        for mark in marks:
            yield _arrival(world, name, world.chance.weighed(weights), qualifies=mark)


def _arrival(world: World, source: str, day: date, *, qualifies: bool) -> Arrival:
    chance = world.chance
    country = chance.weighed(names.COUNTRIES)
    at_night = chance.yes(OUT_OF_HOURS.get(source, 0.12))
    hour = chance.weighed(EVENINGS if at_night else HOURS)
    zone = ZoneInfo(names.ZONES[country])
    local = datetime(
        day.year, day.month, day.day, hour, chance.whole(0, 59), chance.whole(0, 59), tzinfo=zone
    )
    at = local.astimezone(UTC)
    return Arrival(at, source, country, qualifies, campaign_for(world, source, at))


def campaign_for(world: World, source: str, at: datetime) -> Running | None:
    """One of the campaigns of this source that run then."""
    running = {
        name: found.plan.weight
        for name, found in world.campaigns.items()
        if found.plan.source == source and found.starts_at <= at < found.ends_at
    }
    return world.campaigns[world.chance.weighed(running)] if running else None


def _days(month: date) -> list[date]:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return [month + timedelta(days=offset) for offset in range((following - month).days)]


def _spikes(world: World, days: list[date]) -> dict[date, float]:
    """Fairs: two days a month bring most, the rest trickles in."""
    working = [day for day in days if day.weekday() < 4]
    weights = dict.fromkeys(working, 0.02)
    for _ in range(2):
        weights[world.chance.one_of(working)] = 1.0
    return weights
