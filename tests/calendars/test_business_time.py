"""Business time by the golden cases of domain.md, and the edges of each of the four questions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    is_open,
    subtract_business_time,
)
from tests.calendars.cases import BER, EVERY_DAY, HOUR, all_day, local, make_calendar, shown
from tests.calendars.vectors import Implementation

MICROSECOND = timedelta(microseconds=1)


def test_an_hour_from_late_friday_is_due_on_monday_morning():
    """Golden case (a), and A17."""
    due = add_business_time(BER, local(BER, "2026-06-05 16:30"), HOUR)

    assert shown(BER, due) == "2026-06-08 09:30"


def test_an_hour_before_due_is_an_hour_of_work_before_due():
    """Golden case (b), and A07."""
    calendar = make_calendar("08:00-18:00")

    due = add_business_time(calendar, local(calendar, "2026-06-01 17:00"), 4 * HOUR)
    warning = subtract_business_time(calendar, due, HOUR)

    assert shown(calendar, due) == "2026-06-02 11:00"
    assert shown(calendar, warning) == "2026-06-02 10:00"


def test_a_start_before_opening_counts_from_the_opening():
    """Golden case (c)."""
    due = add_business_time(BER, local(BER, "2026-06-03 07:00"), 2 * HOUR)

    assert shown(BER, due) == "2026-06-03 11:00"


def test_sixteen_hours_are_two_days_of_eight():
    """Golden case (d)."""
    due = add_business_time(BER, local(BER, "2026-06-01 09:00"), 16 * HOUR)

    assert shown(BER, due) == "2026-06-02 17:00"


def test_a_pause_over_the_weekend_costs_two_business_hours():
    """Golden case (e), and A09."""
    start, paused, resumed = (local(BER, f"2026-06-{time}") for time in ("05 14:00", "05 16:00", "08 10:00"))

    due, left = Implementation().run(BER, [(start, paused), (resumed, None)], 8 * HOUR)

    assert left == [6 * HOUR]
    assert shown(BER, add_business_time(BER, start, 8 * HOUR)) == "2026-06-08 14:00"
    assert shown(BER, due) == "2026-06-08 16:00"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-29 00:00", "2026-03-29 08:00", 7, id="spring"),
        pytest.param("2026-10-25 00:00", "2026-10-25 08:00", 9, id="autumn"),
    ],
)
def test_the_nights_of_the_clock_change_have_their_true_length(start, end, hours):
    """Golden case (i)."""
    berlin = all_day("Europe/Berlin")
    begin, finish = local(berlin, start), local(berlin, end)

    assert business_time_between(berlin, begin, finish) == hours * HOUR
    assert add_business_time(berlin, begin, hours * HOUR) == finish
    assert subtract_business_time(berlin, finish, hours * HOUR) == begin


def test_the_lunch_break_does_not_count():
    """Golden case (j)."""
    calendar = make_calendar("09:00-12:00", "13:00-17:00")

    due = add_business_time(calendar, local(calendar, "2026-06-01 11:30"), HOUR)

    assert shown(calendar, due) == "2026-06-01 13:30"


def test_a_budget_that_ends_at_closing_is_due_at_closing():
    due = add_business_time(BER, local(BER, "2026-06-05 09:00"), 8 * HOUR)

    assert shown(BER, due) == "2026-06-05 17:00"


def test_a_microsecond_more_is_due_after_the_next_opening():
    due = add_business_time(BER, local(BER, "2026-06-05 09:00"), 8 * HOUR + MICROSECOND)

    assert due == local(BER, "2026-06-08 09:00") + MICROSECOND


def test_microseconds_are_kept():
    start = datetime(2026, 6, 5, 14, 59, 59, 999_999, tzinfo=UTC)

    due = add_business_time(BER, start, timedelta(microseconds=3))

    assert due == datetime(2026, 6, 8, 7, 0, 0, 2, tzinfo=UTC)
    assert business_time_between(BER, start, due) == timedelta(microseconds=3)
    assert subtract_business_time(BER, due, timedelta(microseconds=3)) == start


def test_adding_nothing_answers_the_start_even_when_closed():
    saturday = datetime(2026, 6, 6, 10, 0, tzinfo=UTC)

    assert add_business_time(BER, saturday, timedelta()) == saturday


@pytest.mark.parametrize(
    ("start", "result"),
    [
        pytest.param("2026-06-05 12:00", "2026-06-05 12:00", id="inside"),
        pytest.param("2026-06-05 09:00", "2026-06-05 09:00", id="opening edge"),
        pytest.param("2026-06-05 17:00", "2026-06-05 17:00", id="closing edge"),
        pytest.param("2026-06-07 12:00", "2026-06-05 17:00", id="weekend"),
    ],
)
def test_subtracting_nothing_answers_the_last_open_edge(start, result):
    assert shown(BER, subtract_business_time(BER, local(BER, start), timedelta())) == result


def test_subtracting_lands_on_the_opening_not_on_the_closing_before_it():
    result = subtract_business_time(BER, local(BER, "2026-06-08 10:00"), HOUR)

    assert shown(BER, result) == "2026-06-08 09:00"


def test_reversed_moments_have_no_time_between_them():
    assert business_time_between(BER, local(BER, "2026-06-05"), local(BER, "2026-06-01")) == timedelta()


def test_moments_of_any_zone_mean_their_instant():
    indian = timezone(timedelta(hours=5, minutes=30))

    due = add_business_time(BER, datetime(2026, 6, 5, 20, 0, tzinfo=indian), HOUR)

    assert (due, due.tzinfo) == (datetime(2026, 6, 8, 7, 30, tzinfo=UTC), UTC)


def test_always_open_is_the_time_that_passes():
    always, start = BusinessCalendar.always(), datetime(2026, 10, 24, 3, 4, 5, 6, tzinfo=UTC)
    span = timedelta(days=1234, microseconds=5)

    assert add_business_time(always, start, span) == start + span
    assert subtract_business_time(always, start, span) == start - span
    assert business_time_between(always, start, start + span) == span


def test_a_holiday_beats_a_shift_and_a_shift_beats_the_week():
    calendar = make_calendar(
        shifts={"2026-06-06": [["10:00", "12:00"]], "2026-06-08": [["10:00", "12:00"]]},
        holidays=["2026-06-08"],
    )

    assert is_open(calendar, local(calendar, "2026-06-06 11:00")) is True
    assert is_open(calendar, local(calendar, "2026-06-08 11:00")) is False


def test_overlapping_breaks_take_their_time_out_once():
    calendar = make_calendar(
        breaks={"2026-06-05": [["11:00", "13:00"], ["12:00", "14:00"], ["07:00", "09:30"]]}
    )
    day = local(calendar, "2026-06-05"), local(calendar, "2026-06-06")

    assert business_time_between(calendar, *day) == timedelta(hours=4, minutes=30)


def test_work_past_midnight_is_one_span():
    calendar = make_calendar("00:00-02:00", "18:00-24:00", days=EVERY_DAY)

    due = add_business_time(calendar, local(calendar, "2026-06-01 23:00"), 4 * HOUR)

    assert shown(calendar, due) == "2026-06-02 19:00"


def test_time_runs_to_the_last_moment_there_is():
    end_of_time = datetime.max.replace(tzinfo=UTC)
    always = BusinessCalendar.always()

    assert add_business_time(always, end_of_time - HOUR, HOUR) == end_of_time
    assert business_time_between(make_calendar(), end_of_time - HOUR, end_of_time) == timedelta()
