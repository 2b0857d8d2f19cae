"""Opening hours of the model: one window after the other, day by day. Shares nothing with the product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZERO, DAY = timedelta(), timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Hours:
    """The same windows on each working day, `HH:MM` in the zone; none at all means open at any time."""

    tz: str = "UTC"
    days: tuple[str, ...] = ()
    windows: tuple[tuple[str, str], ...] = ()
    holidays: tuple[str, ...] = ()
    name: str = ""
    version: int = 1

    def rules(self) -> dict[str, object]:
        """As the product reads them."""
        ranges = [list(window) for window in self.windows]
        return {"tz": self.tz, "hours": dict.fromkeys(self.days, ranges), "holidays": list(self.holidays)}

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """Open time from one moment to the other."""
        if not self.days:
            return until - since
        total = ZERO
        for opens, closes in self._open(since):
            if opens >= until:
                break
            total += max(min(closes, until) - max(opens, since), ZERO)
        return total

    def after(self, since: datetime, amount: timedelta) -> datetime:
        """The first moment at which so much open time has passed."""
        if amount == ZERO or not self.days:
            return since + amount
        for opens, closes in self._open(since):
            begin = max(opens, since)
            if begin + amount <= closes:
                return begin + amount
            amount -= max(closes - begin, ZERO)
        raise AssertionError("the model's hours open every week")

    def _open(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = since.astimezone(ZoneInfo(self.tz)).date() - DAY
        while True:
            if DAYS[day.weekday()] in self.days and day.isoformat() not in self.holidays:
                for opens, closes in self.windows:
                    yield self._moment(day, opens), self._moment(day, closes)
            day += DAY

    def _moment(self, day: date, clock: str) -> datetime:
        local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(self.tz))
        return local.astimezone(UTC)


ALWAYS = Hours()
