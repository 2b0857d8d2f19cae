"""Mistakes in reading a calendar and in turning edges of the wall clock into moments."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from calendars.engine.business_time import BusinessCalendar
from calendars.engine.zones import load_zone
from tests.calendars.cases import EVERY_DAY
from tests.calendars.vectors import Implementation, Vector

DAY = timedelta(days=1)
NOTHING = timedelta()
TODAY = datetime(2026, 7, 1, 12, tzinfo=UTC)


def reading(change: Callable[[Vector], Vector]) -> Implementation:
    return Implementation(read=lambda calendar: BusinessCalendar.from_dict(calendar | change(calendar)))


def first_window_only(calendar: Vector) -> Vector:
    return {"hours": {day: ranges[:1] for day, ranges in calendar["hours"].items()}}


def day_ends_at_23_59(calendar: Vector) -> Vector:
    hours = {
        day: [[start, "23:59" if end == "24:00" else end] for start, end in ranges]
        for day, ranges in calendar["hours"].items()
    }
    return {"hours": hours}


def week_begins_on_sunday(calendar: Vector) -> Vector:
    days = ("sun", *EVERY_DAY[:6])
    return {"hours": {days[EVERY_DAY.index(day)]: ranges for day, ranges in calendar["hours"].items()}}


def moved_holidays(calendar: Vector, by: timedelta) -> Vector:
    return {"holidays": [(date.fromisoformat(day) + by).isoformat() for day in calendar["holidays"]]}


def holiday_repeated_next_day(calendar: Vector) -> Vector:
    return {"holidays": [*calendar["holidays"], *moved_holidays(calendar, DAY)["holidays"]]}


def shift_beats_holiday(calendar: Vector) -> Vector:
    return {"holidays": [day for day in calendar["holidays"] if day not in calendar["shifts"]]}


def shift_only_on_working_weekdays(calendar: Vector) -> Vector:
    working = {EVERY_DAY.index(day) for day, ranges in calendar["hours"].items() if ranges}
    shifts = calendar["shifts"].items()
    return {"shifts": {day: ranges for day, ranges in shifts if date.fromisoformat(day).weekday() in working}}


def shift_joins_the_hours(calendar: Vector) -> Vector:
    """A25: minutes of the shift and of the weekday are both open."""
    joined = {}
    for day, ranges in calendar["shifts"].items():
        weekday = EVERY_DAY[date.fromisoformat(day).weekday()]
        both = sorted([*ranges, *calendar["hours"].get(weekday, [])])
        joined[day] = [
            [start, min(end, following[0])]
            for (start, end), following in zip(both, [*both[1:], ["24:00"]], strict=True)
            if start < following[0]
        ]
    return {"shifts": joined}


def only_the_first_break(calendar: Vector) -> Vector:
    return {"breaks": {day: [ranges[0]] for day, ranges in calendar["breaks"].items() if ranges}}


class DayWalk:
    """Walks local days and turns each edge into a moment on its own; `edge` is where it goes wrong."""

    def __init__(self, edge: Callable[[str, date, timedelta], datetime]) -> None:
        self.edge = edge

    def intervals(self, calendar: BusinessCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.date() - 2 * DAY
        while day.year < start.year + 7:
            for begin, end in calendar.line.ranges_on(day.toordinal() - 1):
                edges = (timedelta(microseconds=begin), timedelta(microseconds=end))
                opening, closing = (self.edge(calendar.tz, day, edge) for edge in edges)
                if max(opening, start) < closing:
                    yield max(opening, start), closing
            day += DAY

    def add(self, calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
        if not amount:
            return start
        for opening, closing in self.intervals(calendar, start):
            if amount <= closing - opening:
                return opening + amount
            amount -= closing - opening
        return start

    def between(self, calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
        total = NOTHING
        for opening, closing in self.intervals(calendar, start):
            if opening >= end:
                break
            total += min(closing, end) - opening
        return total


def walking(edge: Callable[[str, date, timedelta], datetime]) -> Implementation:
    walk = DayWalk(edge)
    return Implementation(add=walk.add, between=walk.between)


def wall(day: date, edge: timedelta, tz: str = "UTC", fold: int = 0) -> datetime:
    return (datetime.combine(day, time()) + edge).replace(tzinfo=load_zone(tz), fold=fold).astimezone(UTC)


def shifted(day: date, edge: timedelta, tz: str, at: datetime) -> datetime:
    """The edge by the offset that the zone has at another moment."""
    return wall(day, edge) - (at.astimezone(load_zone(tz)).utcoffset() or NOTHING)


def fold_0_edge(tz: str, day: date, edge: timedelta) -> datetime:
    return wall(day, edge, tz)


def fold_1_edge(tz: str, day: date, edge: timedelta) -> datetime:
    return wall(day, edge, tz, fold=1)


def utc_edge(tz: str, day: date, edge: timedelta) -> datetime:
    return wall(day, edge)


def edge_by_offset_of_today(tz: str, day: date, edge: timedelta) -> datetime:
    return shifted(day, edge, tz, TODAY)


def edge_by_offset_of_midnight(tz: str, day: date, edge: timedelta) -> datetime:
    """A01: every day has 24 hours, counted from its midnight."""
    return wall(day, NOTHING, tz) + edge


def edge_by_standard_time(tz: str, day: date, edge: timedelta) -> datetime:
    return shifted(day, edge, tz, datetime(day.year, 1, 1, tzinfo=UTC))


WRONG_READINGS = {
    "first window only (A18)": reading(first_window_only),
    "a day ends at 23:59 (A19)": reading(day_ends_at_23_59),
    "the week begins on Sunday (A06)": reading(week_begins_on_sunday),
    "holidays ignored": reading(lambda calendar: {"holidays": []}),
    "breaks ignored": reading(lambda calendar: {"breaks": {}}),
    "only the first break of a day": reading(only_the_first_break),
    "shifts ignored": reading(lambda calendar: {"shifts": {}}),
    "shifts join the hours (A25)": reading(shift_joins_the_hours),
    "shifts only on working weekdays": reading(shift_only_on_working_weekdays),
    "a shift beats a holiday": reading(shift_beats_holiday),
    "holidays a day early (A11)": reading(lambda calendar: moved_holidays(calendar, -DAY)),
    "holidays a day late": reading(lambda calendar: moved_holidays(calendar, DAY)),
    "holidays repeated on the next day, DTEND inclusive (A12)": reading(holiday_repeated_next_day),
    "edges with fold=0 (A24)": walking(fold_0_edge),
    "edges with fold=1": walking(fold_1_edge),
    "edges in UTC": walking(utc_edge),
    "edges by the offset of today (A04)": walking(edge_by_offset_of_today),
    "edges by the offset of midnight (A01)": walking(edge_by_offset_of_midnight),
    "edges by the offset of January (A03, A05)": walking(edge_by_standard_time),
}
