"""Weeks, months and quarters as addresses name them."""

from datetime import date

import pytest

from dashboards.engine import periods

TODAY = date(2026, 11, 19)  # a Thursday


@pytest.mark.parametrize(
    ("key", "first", "until", "name"),
    [
        ("week", date(2026, 11, 16), date(2026, 11, 23), "Week 47"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4), "Week 53"),
        ("month", date(2026, 11, 1), date(2026, 12, 1), "November 2026"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "December 2026"),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1), "Q4 2026"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "Q1 2026"),
        ("2026-11-02..2026-11-05", date(2026, 11, 2), date(2026, 11, 5), "2 Nov 2026 to 4 Nov 2026"),
    ],
)
def test_a_key_names_its_days(key, first, until, name):
    found = periods.named(key, TODAY)

    assert (found.first, found.until, found.name) == (first, until, name)


@pytest.mark.parametrize("key", ["", "november", "2026-13", "2026-W54", "2026-Q5", "2026-11-05..2026-11-02"])
def test_a_key_that_names_nothing_is_refused(key):
    with pytest.raises(ValueError, match=r"."):
        periods.named(key, TODAY)


@pytest.mark.parametrize("key", ["2026-W01", "2026-01", "2026-Q1", "2026-01-05..2026-01-12"])
def test_neighbours_touch(key):
    days = periods.named(key, TODAY)

    assert periods.before(days).until == days.first
    assert periods.after(days).first == days.until


def test_stretches_begin_with_the_first_day_asked_for():
    assert list(periods.months(date(2026, 11, 19), date(2027, 1, 2))) == [
        ("2026-11", date(2026, 11, 19)),
        ("2026-12", date(2026, 12, 1)),
        ("2027-01", date(2027, 1, 1)),
    ]
    assert list(periods.weeks(date(2026, 12, 31), date(2027, 1, 5))) == [
        ("2026-W53", date(2026, 12, 31)),
        ("2027-W01", date(2027, 1, 4)),
    ]


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (date(2026, 11, 1), date(2026, 11, 20), 14),
        (date(2026, 11, 1), date(2026, 12, 1), 21),
        (date(2026, 11, 7), date(2026, 11, 9), 0),
        (date(2026, 11, 9), date(2026, 11, 9), 0),
        (date(2026, 11, 9), date(2026, 11, 2), 0),
    ],
)
def test_working_days_are_mondays_to_fridays(first, until, expected):
    assert periods.working_days(first, until) == expected


@pytest.mark.parametrize(
    ("first", "until", "key"),
    [
        (date(2026, 11, 1), date(2026, 12, 1), "2026-11"),
        (date(2026, 11, 16), date(2026, 11, 23), "2026-W47"),
        (date(2026, 10, 1), date(2027, 1, 1), "2026-Q4"),
        (date(2026, 11, 2), date(2026, 12, 1), "2026-11-02..2026-12-01"),
        (date(2026, 11, 1), date(2026, 11, 1), "2026-11-01..2026-11-01"),
    ],
)
def test_days_that_are_a_whole_period_are_that_period(first, until, key):
    assert periods.meant(first, until).key == key
