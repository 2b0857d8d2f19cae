"""Pace counts working days of the promise's calendar; the forecast says how sure it is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.engine.business_time import BusinessCalendar
from common.database.moments import midnight
from dashboards.engine import pace
from dashboards.engine.pace import Pace

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
NOVEMBER = date(2026, 11, 1)


def days(first=NOVEMBER, until=date(2026, 12, 1), zone="UTC", **rules):
    calendar = BusinessCalendar.from_dict({"tz": zone, "hours": WEEK} | rules)
    count = (until - first).days
    edges = [midnight(first + timedelta(n), ZoneInfo(zone)) for n in range(count + 1)]
    return pace.working_days(calendar, edges)


def at(day, hour=0, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_month_has_the_working_days_of_its_calendar():
    assert days().total == 21
    assert days(holidays=["2026-11-11"]).total == 20


def test_a_day_that_closes_early_counts_by_its_share():
    early = days(breaks={"2026-11-11": [["13:00", "17:00"]]})

    assert early.total == 20.5
    assert early.gone(at(11, 11)) == pytest.approx(7 + 0.25)


def test_a_short_friday_of_every_week_is_a_whole_day():
    assert days(hours=WEEK | {"fri": [["09:00", "13:00"]]}).total == 21


def test_an_open_saturday_counts_by_the_longest_day():
    assert days(shifts={"2026-11-14": [["09:00", "13:00"]]}).total == 21.5


def test_monday_before_opening_is_no_further_than_friday_evening():
    found = days()

    assert found.gone(at(6, 17)) == found.gone(at(8)) == found.gone(at(9, 9)) == 5
    assert found.gone(at(9, 13)) == 5.5


def test_days_are_those_of_the_reporting_zone_also_on_the_night_the_clocks_change():
    october = days(date(2026, 10, 1), NOVEMBER, "Europe/Berlin")

    assert october.edges[-1] == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert october.total == 22
    assert (
        days(
            date(2026, 10, 25), date(2026, 10, 26), "Europe/Berlin", hours={"sun": [["00:00", "24:00"]]}
        ).total
        == 1
    )


@pytest.mark.parametrize(
    ("actual", "mark", "gap"),
    [(120, pace.ON_PACE, 0), (117, pace.ON_PACE, -3), (111, pace.BEHIND, -9), (131, pace.AHEAD, 11)],
)
def test_half_way_240_should_be_120_and_half_a_day_is_no_matter(actual, mark, gap):
    found = Pace(240, actual, 10, 20)

    assert (found.expected, found.mark, found.gap) == (120, mark, gap)


def test_a_period_without_a_working_day_expects_all_of_it():
    assert Pace(240, 240, 0, 0).mark == pace.ON_PACE
    assert Pace(240, 239, 0, 0).mark == pace.BEHIND


def test_a_weekend_lead_belongs_to_the_working_day_before():
    assert pace.by_working_day([9, 5, 1, 2, 6], [0, 1, 0, 0, 1]) == [5 + 1 + 2, 6]


def test_the_forecast_goes_on_at_the_recent_rate_and_is_as_wide_as_the_days_differ():
    """Ten days of 8 and ten of 12: 10 a day, variance 80/19; 10 days left."""
    found = pace.forecast(100, [8, 12] * 10, 10)

    reach = 1.2815515655446004 * ((80 / 19) * 10 + (80 / 19) * 100 / 20) ** 0.5
    assert found.expected == 200
    assert (found.low, found.high) == (pytest.approx(200 - reach), pytest.approx(200 + reach))


def test_only_the_last_twenty_days_count_and_steady_days_leave_no_doubt():
    assert pace.forecast(50, [100] * 30 + [10] * 20, 5) == pace.Forecast(100, 100, 100)


def test_four_days_are_too_early_and_nothing_falls_below_what_is_there():
    assert pace.forecast(9, [1, 2, 3, 4], 10) is None
    assert pace.forecast(9, [0, 0, 0, 0, 40], 1).low == 9
