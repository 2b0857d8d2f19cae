"""What is open now, on whose clock; the nights of clock changes; a week in words."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from calendars.engine.calendar import BusinessCalendar
from calendars.engine.clock_changes import clock_changes
from calendars.models import Calendar
from sla.queries.calendars import Week, now_of, shifted_nights, week_of, years_of

OFFICE = [["09:00", "17:00"]]
NIGHT = [["22:00", "24:00"]]


def calendar(tz: str = "America/New_York", **hours: list[list[str]]) -> BusinessCalendar:
    week = hours or dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)
    return BusinessCalendar.from_dict({"tz": tz, "hours": week})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "opened", "changes"),
    [
        ("2026-07-01T13:30Z", True, "2026-07-01T21:00Z"),  # 09:30 in summer
        ("2026-01-05T13:30Z", False, "2026-01-05T14:00Z"),  # 08:30 in winter
        ("2026-01-05T14:00Z", True, "2026-01-05T22:00Z"),  # the opening minute
        ("2026-01-05T21:59:59Z", True, "2026-01-05T22:00Z"),
        ("2026-01-05T22:00Z", False, "2026-01-06T14:00Z"),  # A22: closed in the closing minute
    ],
)
def test_open_now_follows_the_local_clock_in_summer_and_winter_a03(
    at: str, opened: bool, changes: str
) -> None:
    now = now_of(calendar(), moment(at))

    assert (now.is_open, now.changes_at) == (opened, moment(changes))


@pytest.mark.parametrize(
    ("reader", "differs"), [("America/New_York", False), ("America/Toronto", False), ("Europe/Oslo", True)]
)
def test_the_time_is_said_twice_only_where_the_readers_clock_differs(reader: str, differs: bool) -> None:
    with timezone.override(ZoneInfo(reader)):
        now = now_of(calendar(), moment("2026-01-05T13:30Z"))

    assert now.differs is differs


def test_a_calendar_that_never_closes_has_no_change() -> None:
    now = now_of(BusinessCalendar.always(), moment("2026-01-05T13:30Z"))

    assert (now.is_open, now.changes_at, now.differs) == (True, None, False)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}, "09:00 to 12:00 and 13:00 to 18:00"),
        ({"mon": NIGHT, "tue": [["00:00", "06:00"]]}, "22:00 to 24:00, then on until 06:00 on Tuesday"),
        ({"mon": NIGHT, "tue": OFFICE}, "22:00 to 24:00"),
        ({"mon": [["00:00", "24:00"]], "tue": [["00:00", "06:00"]]}, "All day"),
        ({"tue": OFFICE}, "Closed"),
    ],
)
def test_monday_in_words(hours: dict[str, list[list[str]]], words: str) -> None:
    assert week_of(calendar(**hours))[0].windows == words


def test_a_night_from_sunday_goes_on_into_monday() -> None:
    week = week_of(calendar(sun=NIGHT, mon=[["00:00", "06:00"]]))

    assert week[6].windows == "22:00 to 24:00, then on until 06:00 on Monday"


def test_clock_changes_are_given_with_both_readings() -> None:
    found = clock_changes("Europe/Oslo", moment("2026-01-01T00:00Z"))

    assert [
        (change.at, f"{change.before:%H:%M}", f"{change.after:%H:%M}") for change in islice(found, 2)
    ] == [
        (moment("2026-03-29T01:00Z"), "02:00", "03:00"),
        (moment("2026-10-25T01:00Z"), "03:00", "02:00"),
    ]


def test_a_zone_without_summer_time_has_no_change() -> None:
    assert list(clock_changes("UTC", moment("2026-01-01T00:00Z"))) == []


@pytest.mark.parametrize(
    ("hours", "opened"), [({"mon": OFFICE}, False), ({"sun": [["00:00", "04:00"]]}, True)]
)
def test_a_clock_change_within_the_hours_is_told(hours: dict[str, list[list[str]]], opened: bool) -> None:
    nights = shifted_nights(calendar(**hours), moment("2026-01-01T00:00Z"))

    assert [night.is_open for night in nights] == [opened, opened]


def test_this_year_and_the_next_can_always_be_chosen() -> None:
    assert years_of([], 2026) == [2026, 2027]


def test_a_week_is_told_in_words_with_days_of_the_same_hours_together() -> None:
    hours = calendar(mon=OFFICE, tue=OFFICE, wed=OFFICE, thu=OFFICE, fri=[["09:00", "13:00"]])

    words = Week(Calendar(name="Bergen"), tuple(week_of(hours))).words

    assert words == "Mon to Thu 09:00 to 17:00; Fri 09:00 to 13:00; Sat, Sun closed"
