"""Moments: the database's clock, which alone decides, and half-open periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection


def database_now() -> datetime:
    """The database's clock (UTC). Call it in a statement of its own, once the row lock is held (R4)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment (included) until the last (excluded), both UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("A period ends at or after its start.")

    @classmethod
    def of_days(cls, first: date, until: date, zone: ZoneInfo) -> Period:
        """The days from `first` (included) to `until` (excluded) on the calendar of `zone`."""
        return cls(midnight(first, zone), midnight(until, zone))

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at < self.end


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(ZoneInfo("UTC"))


def days(first: date, until: date) -> Iterator[date]:
    """Each day from `first` (included) to `until` (excluded)."""
    for offset in range((until - first).days):
        yield first + timedelta(days=offset)
