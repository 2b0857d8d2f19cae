"""The bugs of other systems (reliability.md, part A), each by its id, and their test in ours."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import combinations
from time import process_time

import pytest

from calendars.engine.business_time import (
    BusinessCalendar,
    Closure,
    SkippedDay,
    add_business_time,
    business_time_between,
    is_open,
    skipped_days,
    subtract_business_time,
)
from calendars.engine.zones import zone_names
from tests.calendars.cases import BER, EVERY_DAY, HOUR, MINUTE, NYC, all_day, local, make_calendar, shown


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a01_a_day_of_23_hours_moves_the_due_hour():
    calendar = all_day("America/Sao_Paulo")

    due = add_business_time(calendar, local(calendar, "2018-11-03 12:00"), 24 * HOUR)

    assert due == utc("2018-11-04 15:00")


def test_a02_a_midnight_reached_twice_ends_no_one_in_a_loop():
    calendar = all_day("America/Sao_Paulo")
    start, end = local(calendar, "2018-02-17 00:00"), local(calendar, "2018-02-18 00:00")

    began = process_time()
    elapsed = business_time_between(calendar, start, end)

    assert elapsed == timedelta(seconds=90_000)
    assert process_time() - began < 0.05


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-07-01 13:30", True), ("2026-01-05 13:30", False)], ids=["summer", "winter"]
)
def test_a03_open_now_takes_the_offset_of_the_moment(at, expected):
    assert is_open(NYC, utc(at)) is expected


def test_a04_history_is_counted_with_the_offset_of_then():
    elapsed = business_time_between(NYC, utc("2026-03-06 21:30"), utc("2026-03-09 13:20"))

    assert elapsed == 50 * MINUTE


def test_a05_hours_stay_on_the_wall_when_the_clock_changes():
    calendar = make_calendar("08:30-17:30", tz="Europe/London")

    due = add_business_time(calendar, utc("2026-11-02 05:00"), timedelta(microseconds=1))

    assert due == utc("2026-11-02 08:30") + timedelta(microseconds=1)
    assert calendar.to_dict()["hours"]["mon"] == [["08:30", "17:30"]]


@pytest.mark.parametrize("size", range(1, 8))
def test_a06_any_set_of_weekdays_opens_on_its_next_day(size):
    monday = date(2026, 6, 1)
    for days in combinations(range(7), size):
        calendar = make_calendar("08:00-17:00", days=tuple(EVERY_DAY[day] for day in days))

        due = add_business_time(calendar, local(calendar, "2026-06-01 18:00"), HOUR)

        next_day = monday + timedelta(days=next(n for n in range(1, 8) if n % 7 in days))
        assert shown(calendar, due) == f"{next_day} 09:00"


def test_a08_a_warning_before_the_start_lies_before_the_start():
    """So whoever places warnings can see it and clamp it."""
    start = local(BER, "2026-06-02 10:00")
    due = add_business_time(BER, start, 4 * HOUR)

    warning = subtract_business_time(BER, due, 8 * HOUR)

    assert warning < start


def test_a10_skipped_days_are_told_with_their_reason():
    calendar = make_calendar(holidays=["2026-06-04"], breaks={"2026-06-08": [["08:00", "18:00"]]})

    skipped = list(skipped_days(calendar, local(calendar, "2026-06-03"), local(calendar, "2026-06-10")))

    assert skipped == [
        SkippedDay(date(2026, 6, 4), Closure.HOLIDAY),
        SkippedDay(date(2026, 6, 6), Closure.NO_HOURS),
        SkippedDay(date(2026, 6, 7), Closure.NO_HOURS),
        SkippedDay(date(2026, 6, 8), Closure.BREAK),
    ]


@pytest.mark.parametrize("tz", ["America/Sao_Paulo", "Pacific/Apia", "UTC"])
def test_a11_a_holiday_is_the_local_day_it_names(tz):
    calendar = BusinessCalendar.from_dict({**all_day(tz).to_dict(), "holidays": ["2026-12-25"]})
    begin, end = local(calendar, "2026-12-25"), local(calendar, "2026-12-26")

    assert calendar.to_dict()["holidays"] == ["2026-12-25"]
    assert business_time_between(calendar, begin - HOUR, end + HOUR) == 2 * HOUR
    assert business_time_between(calendar, begin, end) == timedelta()


def test_a14_a_new_holiday_moves_the_due_moment():
    start = local(BER, "2026-06-04 16:00")
    corrected = make_calendar(holidays=["2026-06-05"])

    assert shown(BER, add_business_time(BER, start, 3 * HOUR)) == "2026-06-05 11:00"
    assert shown(BER, add_business_time(corrected, start, 3 * HOUR)) == "2026-06-08 11:00"


def test_a15_a_start_on_a_free_day_counts_from_the_opening():
    elapsed = business_time_between(BER, local(BER, "2026-06-06 10:00"), local(BER, "2026-06-08 09:20"))

    assert elapsed == 20 * MINUTE


@pytest.mark.parametrize("start", ["2026-03-07 18:00", "2026-03-07 12:00"])
def test_a16_a_skipped_day_does_not_keep_the_time_of_day(start):
    assert shown(BER, add_business_time(BER, local(BER, start), HOUR)) == "2026-03-09 10:00"


def test_a18_a_day_may_have_several_ranges():
    calendar = make_calendar("08:00-12:00", "13:30-18:00")

    assert shown(calendar, add_business_time(calendar, local(calendar, "2026-06-01 11:30"), HOUR)) == (
        "2026-06-01 14:00"
    )


def test_a19_a_day_until_24_00_loses_no_second():
    calendar = make_calendar("00:00-24:00")

    elapsed = business_time_between(calendar, local(calendar, "2026-06-01"), local(calendar, "2026-06-06"))

    assert elapsed == timedelta(seconds=432_000)


@pytest.mark.parametrize("arithmetic", [add_business_time, subtract_business_time])
def test_a20_no_open_time_ahead_is_an_error_at_once(arithmetic):
    calendar = make_calendar(
        days=(), shifts={"1990-01-02": [["09:00", "17:00"]], "2062-01-02": [["09:00", "17:00"]]}
    )

    began = process_time()
    with pytest.raises(ValueError, match="no open time for ten years"):
        arithmetic(calendar, utc("2026-06-01 10:00"), HOUR)

    assert process_time() - began < 0.1


def test_a21_many_hours_lose_nothing():
    start = local(BER, "2020-01-01 00:00")
    working_days = 262 * 8 * HOUR

    assert shown(BER, add_business_time(BER, start, working_days)) == "2020-12-31 17:00"


@pytest.mark.parametrize(
    ("time", "expected"), [("08:59:59", False), ("09:00:00", True), ("16:59:59", True), ("17:00:00", False)]
)
def test_a22_open_at_opening_and_closed_at_closing(time, expected):
    assert is_open(BER, local(BER, f"2026-06-01 {time}")) is expected


def test_a23_the_hours_after_a_night_shift_are_closed():
    calendar = make_calendar("00:00-01:00", "17:00-24:00")

    elapsed = business_time_between(
        calendar, local(calendar, "2026-06-02 02:00"), local(calendar, "2026-06-02 04:48")
    )

    assert elapsed == timedelta()


def test_a24_an_edge_in_a_repeated_hour_without_a_summer_time_counts_in_both():
    calendar = make_calendar("01:30-05:00", tz="Africa/Casablanca", days=EVERY_DAY)
    begin, end = utc("2026-09-19 12:00"), utc("2026-09-20 12:00")

    # At 02:00 the clock goes back to 01:00, so 01:30 to 02:00 happens twice.
    assert business_time_between(calendar, begin, end) == 4 * HOUR


def test_a24_no_zone_and_no_change_raises():
    zones = files("tzdata").joinpath("zoneinfo")
    distinct = {zones.joinpath(*name.split("/")).read_bytes(): name for name in sorted(zone_names())}
    assert len(distinct) > 300
    for tz in distinct.values():
        calendar = make_calendar("01:30-05:00", "23:30-24:00", tz=tz, days=EVERY_DAY)
        start = utc("1990-01-01 00:00")

        elapsed = business_time_between(calendar, start, utc("2031-01-01 00:00"))

        assert business_time_between(calendar, start, add_business_time(calendar, start, elapsed)) == elapsed


def test_a25_a_shift_replaces_the_hours_of_its_local_date():
    calendar = make_calendar(tz="Pacific/Apia", shifts={"2024-03-12": [["14:00", "16:00"]]})

    elapsed = business_time_between(calendar, local(calendar, "2024-03-12"), local(calendar, "2024-03-13"))

    assert elapsed == 2 * HOUR


def test_a26_a_gap_of_half_an_hour_takes_half_an_hour():
    calendar = make_calendar("01:00-04:00", tz="Australia/Lord_Howe", days=EVERY_DAY)
    day = local(calendar, "2024-10-06"), local(calendar, "2024-10-07")

    # 02:00 to 02:30 did not happen, so an hour and a quarter from 01:00 ends at 02:45.
    assert business_time_between(calendar, *day) == timedelta(hours=2, minutes=30)
    assert shown(calendar, add_business_time(calendar, day[0], 75 * MINUTE)) == "2024-10-06 02:45"


def test_a26_the_day_that_apia_skipped_has_no_time():
    calendar = make_calendar("00:00-00:30", "23:30-24:00", tz="Pacific/Apia", days=EVERY_DAY)
    start, end = local(calendar, "2011-12-29 12:00"), local(calendar, "2011-12-31 12:00")

    assert business_time_between(calendar, start, end) == HOUR
    assert list(skipped_days(make_calendar(tz="Pacific/Apia"), start, end)) == [
        SkippedDay(date(2011, 12, 31), Closure.NO_HOURS)
    ]


def test_a28_adding_over_the_repeated_hour_counts_it():
    calendar = all_day("America/New_York")

    due = add_business_time(calendar, local(calendar, "2026-11-01 00:30"), 120 * MINUTE)

    assert due == utc("2026-11-01 06:30")


def test_paraguay_keeps_summer_time_since_october_2024():
    calendar = make_calendar(tz="America/Asuncion")

    assert is_open(calendar, utc("2025-07-01 12:30")) is True
    assert is_open(calendar, utc("2025-07-01 20:30")) is False
