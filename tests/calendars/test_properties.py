"""Laws of business time over random calendars, zones and moments, and a count minute by minute."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from calendars.engine.business_time import (
    BusinessCalendar,
    add_business_time,
    business_time_between,
    is_open,
    next_closing,
    next_opening,
    open_intervals,
    subtract_business_time,
)
from calendars.engine.zones import load_zone, zone_names
from tests.calendars.cases import EVERY_DAY, MINUTE

# Days around which zones did something odd; calendars get their exceptions and clocks their starts there.
ODD_DAYS = {
    "Africa/Casablanca": date(2026, 9, 20),
    "America/Asuncion": date(2024, 10, 6),
    "America/Havana": date(2024, 11, 3),
    "America/Sao_Paulo": date(2018, 2, 17),
    "America/St_Johns": date(2009, 11, 1),
    "Antarctica/Troll": date(2024, 3, 31),
    "Asia/Beirut": date(2023, 3, 26),
    "Australia/Lord_Howe": date(2024, 4, 7),
    "Europe/Berlin": date(2026, 3, 29),
    "Europe/Moscow": date(2014, 10, 26),
    "Pacific/Apia": date(2011, 12, 30),
    "Pacific/Kwajalein": date(1993, 8, 21),
}
PLACES = st.one_of(
    st.sampled_from(sorted(ODD_DAYS.items())),
    st.tuples(
        st.sampled_from(sorted(zone_names())),
        st.dates(min_value=date(1990, 1, 8), max_value=date(2035, 12, 1)),
    ),
)
OVERLAPPING = st.just([["11:00", "13:00"], ["12:00", "14:00"]])
laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def ranges(draw: st.DrawFn, most: int = 3) -> list[list[str]]:
    edges = draw(st.sets(st.integers(0, 96).map(lambda quarter: quarter * 15), max_size=2 * most))
    ordered = sorted(edges)[: len(edges) // 2 * 2]
    return [[clock_text(a), clock_text(b)] for a, b in zip(ordered[::2], ordered[1::2], strict=True)]


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[str, Any], date]:
    """A calendar that has weekly hours, with exceptions near the day that comes with it."""
    tz, day = draw(PLACES)
    near = st.integers(-5, 5).map(lambda days: (day + timedelta(days=days)).isoformat())
    hours = draw(st.dictionaries(st.sampled_from(EVERY_DAY), ranges(), min_size=1))
    assume(any(hours.values()))
    return {
        "tz": tz,
        "hours": hours,
        "shifts": draw(st.dictionaries(near, ranges(), max_size=2)),
        "breaks": draw(st.dictionaries(near, st.one_of(ranges(), OVERLAPPING), max_size=3)),
        "holidays": draw(st.lists(near, max_size=2)),
    }, day


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    calendar, day = draw(calendars())
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    seconds = draw(st.integers(-5 * 86_400, 5 * 86_400))
    start = midnight + timedelta(seconds=seconds, microseconds=draw(st.sampled_from([0, 0, 1, 999_999])))
    return calendar, start


amounts = st.one_of(
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=4)),
    st.integers(0, 40 * 60).map(lambda count: count * MINUTE),
)


@laws
@given(situations(), amounts)
def test_between_a_start_and_its_due_moment_lies_the_amount(situation, amount):
    calendar, start = BusinessCalendar.from_dict(situation[0]), situation[1]

    due = add_business_time(calendar, start, amount)

    assert business_time_between(calendar, start, due) == amount
    if amount:
        assert business_time_between(calendar, start, due - timedelta(microseconds=1)) < amount


@laws
@given(situations(), amounts)
def test_between_an_end_and_what_was_subtracted_lies_the_amount(situation, amount):
    calendar, end = BusinessCalendar.from_dict(situation[0]), situation[1]

    start = subtract_business_time(calendar, end, amount)

    assert business_time_between(calendar, start, end) == amount
    if amount:
        assert business_time_between(calendar, start + timedelta(microseconds=1), end) < amount


@laws
@given(situations(), amounts)
def test_subtracting_what_was_added_comes_back_inside_the_hours(situation, amount):
    calendar = BusinessCalendar.from_dict(situation[0])
    start = next_opening(calendar, situation[1])

    assert subtract_business_time(calendar, add_business_time(calendar, start, amount), amount) == start


@laws
@given(situations(), amounts, amounts)
def test_more_time_and_a_later_start_are_never_due_earlier(situation, amount, more):
    calendar, start = BusinessCalendar.from_dict(situation[0]), situation[1]

    due = add_business_time(calendar, start, amount)

    assert due <= add_business_time(calendar, start, amount + more)
    assert due <= add_business_time(calendar, start + more, amount)


@laws
@given(situations(), amounts, amounts)
def test_time_adds_up(situation, first, second):
    calendar, start = BusinessCalendar.from_dict(situation[0]), situation[1]
    middle, end = start + first, start + first + second

    parts = business_time_between(calendar, start, middle) + business_time_between(calendar, middle, end)

    assert business_time_between(calendar, start, end) == parts


@laws
@given(situations(), amounts, amounts)
def test_adding_in_two_steps_is_adding_at_once(situation, first, second):
    calendar, start = BusinessCalendar.from_dict(situation[0]), situation[1]
    assume(second)

    in_steps = add_business_time(calendar, add_business_time(calendar, start, first), second)

    assert in_steps == add_business_time(calendar, start, first + second)


@laws
@given(situations(), amounts, st.sampled_from(EVERY_DAY))
def test_splitting_the_ranges_of_a_day_changes_nothing(situation, amount, weekday):
    rules, start = situation
    halves = []
    for begin, end in rules["hours"].get(weekday, []):
        middle = clock_text((minute_of(begin) + minute_of(end)) // 2)
        halves += [[begin, middle], [middle, end]]
    split = {**rules, "hours": {**rules["hours"], weekday: halves}}

    whole, parts = (BusinessCalendar.from_dict(each) for each in (rules, split))

    assert add_business_time(parts, start, amount) == add_business_time(whole, start, amount)
    assert next_closing(parts, start) == next_closing(whole, start)


@laws
@given(situations(), amounts, st.integers(0, 6))
def test_another_holiday_never_makes_it_due_earlier(situation, amount, days):
    rules, start = situation
    holiday = (start + timedelta(days=days)).date().isoformat()
    longer = BusinessCalendar.from_dict({**rules, "holidays": [*rules["holidays"], holiday]})

    due = add_business_time(BusinessCalendar.from_dict(rules), start, amount)

    assert add_business_time(longer, start, amount) >= due


@laws
@given(situations(), amounts)
def test_the_open_intervals_are_all_the_open_time(situation, span):
    calendar, start = BusinessCalendar.from_dict(situation[0]), situation[1]

    intervals = list(open_intervals(calendar, start, start + span))

    assert sum((end - begin for begin, end in intervals), timedelta()) == (
        business_time_between(calendar, start, start + span)
    )
    for begin, end in intervals:
        assert is_open(calendar, begin)
        assert not is_open(calendar, end) or end == start + span
        assert next_opening(calendar, begin) == begin


@laws
@given(st.sampled_from(sorted(zone_names())), st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_around_the_clock_is_the_time_that_passes_in_every_zone(tz, start):
    """A02: in every zone, and within 200 ms of work."""
    calendar = BusinessCalendar.from_dict(
        {"tz": tz, "hours": {day: [["00:00", "24:00"]] for day in EVERY_DAY}}
    )
    begin, worked = start.replace(tzinfo=UTC), process_time()

    assert add_business_time(calendar, begin, timedelta(days=400)) == begin + timedelta(days=400)
    assert subtract_business_time(calendar, begin, timedelta(days=400)) == begin - timedelta(days=400)
    assert process_time() - worked < 0.2


@settings(laws, max_examples=30)
@given(situations(), st.integers(1, 3 * 24 * 60))
def test_time_is_what_counting_the_minutes_says(situation, length):
    rules, start = situation[0], situation[1].replace(second=0, microsecond=0)

    counted = [minute for minute in range(length) if reads_open(rules, start + minute * MINUTE)]

    calendar = BusinessCalendar.from_dict(rules)
    assert business_time_between(calendar, start, start + length * MINUTE) == len(counted) * MINUTE
    if counted:
        due = start + (counted[-1] + 1) * MINUTE
        assert add_business_time(calendar, start, len(counted) * MINUTE) == due


@pytest.mark.parametrize("tz", sorted(ODD_DAYS))
def test_forty_days_are_what_counting_the_minutes_says(tz):
    rules = {
        "tz": tz,
        "hours": {day: [["00:15", "02:30"], ["09:00", "12:00"], ["23:15", "24:00"]] for day in EVERY_DAY},
    }
    day = ODD_DAYS[tz]
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=20)

    counted = sum(reads_open(rules, start + minute * MINUTE) for minute in range(40 * 24 * 60))

    elapsed = business_time_between(BusinessCalendar.from_dict(rules), start, start + timedelta(days=40))
    assert elapsed == counted * MINUTE


def minute_of(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def reads_open(rules: dict[str, Any], at: datetime) -> bool:
    """The definition itself: what the local clock shows lies in the hours of the local date."""
    zone: ZoneInfo = load_zone(rules["tz"])
    wall = at.astimezone(zone)
    on, time = wall.date().isoformat(), f"{wall:%H:%M}"
    if on in rules.get("holidays", []):
        return False
    hours = rules.get("shifts", {}).get(on, rules["hours"].get(EVERY_DAY[wall.weekday()], []))
    in_break = any(begin <= time < end for begin, end in rules.get("breaks", {}).get(on, []))
    return not in_break and any(begin <= time < end for begin, end in hours)
