"""How long business time takes: one call, five years with 400 holidays, cold zones, reading a calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from _stand import machine, seconds

from calendars.engine import zones
from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    is_open,
    next_closing,
    open_intervals,
    subtract_business_time,
)

START = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
PLAIN = {"tz": "Europe/Berlin", "hours": WEEK}
HOLIDAYS = [(date(2026, 1, 1) + timedelta(days=4 * n + n % 3)).isoformat() for n in range(400)]
FIVE_YEARS = timedelta(days=5 * 365)


def main() -> None:
    plain = BusinessCalendar.from_dict(PLAIN)
    busy = BusinessCalendar.from_dict({**PLAIN, "holidays": HOLIDAYS})
    always = BusinessCalendar.always()
    far = START + FIVE_YEARS
    print(machine())
    hours, long = timedelta(hours=4), business_time_between(busy, START, far)
    report("add 4 h", lambda: add_business_time(plain, START, hours))
    report("subtract 4 h", lambda: subtract_business_time(plain, START, hours))
    report("between, four days", lambda: business_time_between(plain, START, START + timedelta(days=4)))
    report("is_open", lambda: is_open(plain, START))
    report("next_closing, 24x7", lambda: next_closing(always, START))
    report("open_intervals, a month", lambda: list(open_intervals(plain, START, START + timedelta(days=30))))
    report("add, 5 years, 400 holidays", lambda: add_business_time(busy, START, long))
    report("subtract, 5 years, 400 holidays", lambda: subtract_business_time(busy, far, long))
    report("between, 5 years, 400 holidays", lambda: business_time_between(busy, START, far))
    report("add, 5 years, zone not yet used", lambda: add_business_time(busy, START, long), forget_zones)
    report("from_dict", lambda: BusinessCalendar.from_dict(PLAIN))
    report("from_dict, 400 holidays", lambda: BusinessCalendar.from_dict({**PLAIN, "holidays": HOLIDAYS}))


def forget_zones() -> None:
    zones.forget()


def report(label: str, call: Callable[[], Any], before: Callable[[], None] = lambda: None) -> None:
    times = []
    for _ in range(200):
        before()
        times.append(seconds(call))
    times.sort()
    print(f"{label:34} median {times[100] * 1e6:9.1f} us   slowest of 200 {times[-1] * 1e6:9.1f} us")


if __name__ == "__main__":
    main()
