"""When work begins and ends again, and the bands a page draws."""

from datetime import UTC, datetime, timedelta

from calendars.engine.business_time import (
    BusinessCalendar,
    business_time_between,
    next_closing,
    next_opening,
    open_intervals,
    skipped_days,
)
from tests.calendars.cases import BER, EVERY_DAY, HOUR, local, make_calendar, shown

MOMENT = datetime(2026, 6, 6, 10, 0, tzinfo=UTC)


def test_a_closed_calendar_opens_on_monday_and_closes_that_evening():
    assert shown(BER, next_opening(BER, MOMENT)) == "2026-06-08 09:00"
    assert shown(BER, next_closing(BER, MOMENT)) == "2026-06-08 17:00"


def test_an_open_calendar_opens_now():
    at = local(BER, "2026-06-05 12:34")

    assert next_opening(BER, at) == at
    assert shown(BER, next_closing(BER, at)) == "2026-06-05 17:00"


def test_at_the_closing_edge_the_next_day_counts():
    at = local(BER, "2026-06-04 17:00")

    assert shown(BER, next_opening(BER, at)) == "2026-06-05 09:00"


def test_work_past_midnight_closes_after_midnight():
    calendar = make_calendar("00:00-02:00", "18:00-24:00", days=EVERY_DAY)

    assert shown(calendar, next_closing(calendar, local(calendar, "2026-06-05 20:00"))) == "2026-06-06 02:00"


def test_what_is_always_open_never_closes():
    assert next_closing(BusinessCalendar.always(), MOMENT) is None


def test_a_calendar_whose_shifts_are_over_opens_no_more():
    calendar = make_calendar(days=(), shifts={"2020-06-01": [["09:00", "17:00"]]})

    assert next_opening(calendar, MOMENT) is None
    assert next_closing(calendar, MOMENT) is None


def test_open_intervals_are_cut_to_the_span_and_in_utc():
    start, end = local(BER, "2026-06-05 12:00"), local(BER, "2026-06-08 10:00")

    intervals = list(open_intervals(BER, start, end))

    assert intervals == [
        (datetime(2026, 6, 5, 10, 0, tzinfo=UTC), datetime(2026, 6, 5, 15, 0, tzinfo=UTC)),
        (datetime(2026, 6, 8, 7, 0, tzinfo=UTC), datetime(2026, 6, 8, 8, 0, tzinfo=UTC)),
    ]


def test_open_intervals_join_over_midnight_and_over_the_clock_change():
    calendar = make_calendar("00:00-04:00", "22:00-24:00", days=EVERY_DAY)
    start, end = local(calendar, "2026-03-28 12:00"), local(calendar, "2026-03-29 12:00")

    assert list(open_intervals(calendar, start, end)) == [
        (datetime(2026, 3, 28, 21, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, 0, tzinfo=UTC))
    ]


def test_open_intervals_sum_up_to_the_time_between():
    start, end = MOMENT, MOMENT + timedelta(days=300)

    lengths = [closing - opening for opening, closing in open_intervals(BER, start, end)]

    assert sum(lengths, timedelta()) == business_time_between(BER, start, end)
    assert len(lengths) == 215


def test_an_empty_span_has_no_intervals_and_no_skipped_days():
    assert list(open_intervals(BER, MOMENT, MOMENT)) == []
    assert list(skipped_days(BER, MOMENT, MOMENT - HOUR)) == []


def test_a_span_that_ends_at_midnight_does_not_touch_the_next_day():
    skipped = skipped_days(BER, local(BER, "2026-06-05"), local(BER, "2026-06-06"))

    assert list(skipped) == []
