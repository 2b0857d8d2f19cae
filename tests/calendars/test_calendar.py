"""Reading a calendar: what is understood, what is refused, and the calendar as a value."""

import pickle
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    is_open,
    next_closing,
    next_opening,
    subtract_business_time,
)
from tests.calendars.cases import BER, EVERY_DAY, HOUR, make_calendar
from tests.calendars.vectors import load

NINE_TO_FIVE = [["09:00", "17:00"]]
MINIMAL = {"tz": "UTC", "hours": {"mon": NINE_TO_FIVE}}
NAIVE = datetime(2026, 6, 1, 10, 0)  # noqa: DTZ001
AWARE = NAIVE.replace(tzinfo=UTC)
FREE_FROM_2031_TO_2041 = [
    (datetime(2031, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat() for day in range(4018)
]


def test_only_zone_and_hours_are_required():
    calendar = BusinessCalendar.from_dict(MINIMAL)

    assert calendar.to_dict() == {**MINIMAL, "shifts": {}, "breaks": {}, "holidays": []}


def test_the_name_is_ignored():
    assert BusinessCalendar.from_dict({**MINIMAL, "name": "Berlin"}) == BusinessCalendar.from_dict(MINIMAL)


def test_every_calendar_of_the_vectors_survives_a_round_trip():
    for vector in load():
        calendar = BusinessCalendar.from_dict(vector["calendar"])

        assert BusinessCalendar.from_dict(calendar.to_dict()) == calendar


def test_the_order_in_which_hours_are_written_does_not_matter():
    one = make_calendar("13:00-17:00", "09:00-12:00", holidays=["2026-12-26", "2026-12-25", "2026-12-26"])
    other = make_calendar("09:00-12:00", "13:00-17:00", holidays=["2026-12-25", "2026-12-26"])

    assert (one, hash(one)) == (other, hash(other))


def test_a_calendar_can_be_pickled():
    copy = pickle.loads(pickle.dumps(BER))

    assert copy == BER
    assert add_business_time(copy, AWARE, HOUR) == add_business_time(BER, AWARE, HOUR)


def test_a_calendar_cannot_be_changed():
    with pytest.raises(AttributeError):
        BER.tz = "UTC"


def test_touching_ranges_are_one_span():
    calendar = make_calendar("09:00-12:00", "12:00-17:00")

    assert next_closing(calendar, AWARE) == next_closing(BER, AWARE)


def test_a_shift_without_ranges_closes_the_day():
    calendar = make_calendar(tz="UTC", shifts={"2026-06-01": []})

    assert is_open(calendar, AWARE) is False


REFUSED = {
    "no zone": {"hours": {"mon": NINE_TO_FIVE}},
    "no hours": {"tz": "UTC"},
    "zone not text": {**MINIMAL, "tz": 1},
    "unknown zone": {**MINIMAL, "tz": "Europe/Bielefeld"},
    "zone in other letters": {**MINIMAL, "tz": "europe/berlin"},
    "zone with a path": {**MINIMAL, "tz": "../zoneinfo/UTC"},
    "empty zone": {**MINIMAL, "tz": ""},
    "unknown key": {**MINIMAL, "holiday": []},
    "key not text": {**MINIMAL, 1: []},
    "unknown weekday": {"tz": "UTC", "hours": {"monday": NINE_TO_FIVE}},
    "not an object": [],
    "hours not an object": {"tz": "UTC", "hours": [NINE_TO_FIVE]},
    "ranges not a list": {"tz": "UTC", "hours": {"mon": "09:00-17:00"}},
    "range not a list": {"tz": "UTC", "hours": {"mon": ["09:00-17:00"]}},
    "range with one edge": {"tz": "UTC", "hours": {"mon": [["09:00"]]}},
    "range with three edges": {"tz": "UTC", "hours": {"mon": [["09:00", "12:00", "17:00"]]}},
    "range backwards": {"tz": "UTC", "hours": {"mon": [["17:00", "09:00"]]}},
    "range without length": {"tz": "UTC", "hours": {"mon": [["09:00", "09:00"]]}},
    "range to 00:00": {"tz": "UTC", "hours": {"mon": [["00:01", "00:00"]]}},
    "time not text": {"tz": "UTC", "hours": {"mon": [[9, 17]]}},
    "time of one digit": {"tz": "UTC", "hours": {"mon": [["9:00", "17:00"]]}},
    "time with seconds": {"tz": "UTC", "hours": {"mon": [["09:00:00", "17:00:00"]]}},
    "time after the day": {"tz": "UTC", "hours": {"mon": [["09:00", "24:01"]]}},
    "minute too large": {"tz": "UTC", "hours": {"mon": [["09:60", "17:00"]]}},
    "time with a line break": {"tz": "UTC", "hours": {"mon": [["09:00", "17:00\n"]]}},
    "overlapping hours": {"tz": "UTC", "hours": {"mon": [["09:00", "12:01"], ["12:00", "17:00"]]}},
    "the same hours twice": {"tz": "UTC", "hours": {"mon": NINE_TO_FIVE * 2}},
    "overlapping shifts": {**MINIMAL, "shifts": {"2026-06-01": [["09:00", "12:00"], ["11:00", "13:00"]]}},
    "break backwards": {**MINIMAL, "breaks": {"2026-06-01": [["12:00", "11:00"]]}},
    "holidays not a list": {**MINIMAL, "holidays": "2026-12-25"},
    "day that does not exist": {**MINIMAL, "holidays": ["2026-02-29"]},
    "date without dashes": {**MINIMAL, "holidays": ["20261225"]},
    "date as a moment": {**MINIMAL, "holidays": ["2026-12-25T00:00:00"]},
    "date not text": {**MINIMAL, "holidays": [20261225]},
    "shift on no date": {**MINIMAL, "shifts": {"mon": NINE_TO_FIVE}},
    "never open": {"tz": "UTC", "hours": {}},
    "never open, empty days": {"tz": "UTC", "hours": {day: [] for day in EVERY_DAY}},
    "only shift is a holiday": {
        "tz": "UTC", "hours": {}, "shifts": {"2026-06-01": NINE_TO_FIVE}, "holidays": ["2026-06-01"]
    },
    "only shift is a break": {
        "tz": "UTC", "hours": {}, "shifts": {"2026-06-01": NINE_TO_FIVE},
        "breaks": {"2026-06-01": NINE_TO_FIVE},
    },
}  # fmt: skip


@pytest.mark.parametrize("calendar", REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused(calendar):
    with pytest.raises(ValueError, match=r"\.$"):
        BusinessCalendar.from_dict(calendar)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(lambda: add_business_time(BER, NAIVE, HOUR), id="add"),
        pytest.param(lambda: add_business_time(BER, NAIVE, timedelta()), id="add nothing"),
        pytest.param(lambda: subtract_business_time(BER, NAIVE, HOUR), id="subtract"),
        pytest.param(lambda: business_time_between(BER, NAIVE, AWARE), id="between, start"),
        pytest.param(lambda: business_time_between(BER, AWARE, NAIVE), id="between, end"),
        pytest.param(lambda: is_open(BER, NAIVE), id="is open"),
        pytest.param(lambda: next_opening(BER, NAIVE), id="next opening"),
    ],
)
def test_naive_moments_are_refused(question):
    with pytest.raises(ValueError, match="needs a time zone"):
        question()


@pytest.mark.parametrize("arithmetic", [add_business_time, subtract_business_time])
def test_negative_amounts_are_refused(arithmetic):
    with pytest.raises(ValueError, match="cannot be negative"):
        arithmetic(BER, AWARE, timedelta(microseconds=-1))


def test_nine_years_without_opening_are_waited_for():
    calendar = make_calendar(
        tz="UTC", days=(), shifts={"2026-06-01": NINE_TO_FIVE, "2035-06-01": NINE_TO_FIVE}
    )

    assert add_business_time(calendar, AWARE, 8 * HOUR) == datetime(2035, 6, 1, 10, 0, tzinfo=UTC)
    assert subtract_business_time(calendar, datetime(2035, 6, 1, 10, 0, tzinfo=UTC), 8 * HOUR) == AWARE


def test_ten_years_of_holidays_in_the_middle_of_a_span_are_an_error():
    calendar = BusinessCalendar.from_dict(
        {**make_calendar(tz="UTC").to_dict(), "holidays": FREE_FROM_2031_TO_2041}
    )
    before, after = datetime(2030, 12, 31, 16, 0, tzinfo=UTC), datetime(2042, 1, 1, 10, 0, tzinfo=UTC)

    assert business_time_between(calendar, before, after) == 2 * HOUR
    for arithmetic, start in ((add_business_time, before), (subtract_business_time, after)):
        with pytest.raises(ValueError, match="no open time for ten years"):
            arithmetic(calendar, start, 2 * HOUR)


def test_a_span_of_a_hundred_years_is_no_error():
    start = datetime(1990, 1, 1, 9, 0, tzinfo=UTC)
    calendar = make_calendar(tz="UTC")

    due = add_business_time(calendar, start, timedelta(hours=8 * 5 * 52 * 100))

    assert due == start + timedelta(days=7 * 52 * 100 - 3, hours=8)


@pytest.mark.parametrize("arithmetic", [add_business_time, subtract_business_time])
def test_an_amount_that_leaves_the_years_python_knows_is_refused(arithmetic):
    with pytest.raises(ValueError, match="year"):
        arithmetic(BusinessCalendar.always(), AWARE, timedelta.max)


def test_one_call_is_fast_and_five_years_with_400_holidays_too():
    holidays = [(AWARE + timedelta(days=4 * n)).date().isoformat() for n in range(400)]
    calendar = make_calendar(holidays=holidays)
    span = business_time_between(calendar, AWARE, AWARE + timedelta(days=5 * 365))
    add_business_time(calendar, AWARE, HOUR)

    began = process_time()
    for _ in range(20):
        add_business_time(calendar, AWARE, span)
    long = (process_time() - began) / 20
    began = process_time()
    for _ in range(200):
        add_business_time(BER, AWARE, HOUR)
    short = (process_time() - began) / 200

    assert long < 0.005
    assert short < 0.0002
