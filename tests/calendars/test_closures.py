"""Taking over a list of days: what it changes, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from calendars.engine import public_holidays as public_holidays_module
from calendars.engine.closures import Change, ClosedDay, compare
from calendars.engine.public_holidays import countries, country_of_zone, public_holidays, regions

EVE, CHRISTMAS, NEW_YEAR = date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)
YEARS = range(2026, 2028)


def changes(found, known, **options):
    options = {"differing": (), "source": "NO", "years": YEARS} | options
    known = {day.on: day for day in known}
    return [(one.on, one.name, str(one.change), one.known_as) for one in compare(found, known, **options)]


def day(on=CHRISTMAS, name="Christmas Day", source="NO"):
    return ClosedDay(on, name, source)


def test_a_day_that_is_not_there_is_added():
    assert changes([day()], []) == [(CHRISTMAS, "Christmas Day", "add", "")]


@pytest.mark.parametrize(
    ("known", "change"),
    [
        (day(), "same"),
        (day(source="hand"), "same"),
        (day(name="Juledag"), "rename"),
        (day(name="Closed", source="hand"), "keep"),
        (day(name="Closed", source="ics"), "keep"),
        (day(name="Closed", source="DE-HH"), "keep"),
    ],
    ids=["same", "same by hand", "renamed", "by hand", "from a file", "another country"],
)
def test_only_a_day_of_the_same_source_is_renamed(known, change):
    assert changes([day()], [known]) == [(CHRISTMAS, "Christmas Day", change, known.name)]


@pytest.mark.parametrize(
    ("known", "gone"),
    [
        (day(EVE, "Eve"), [(EVE, "Eve", "drop", "Eve")]),
        (day(EVE, "Eve", "hand"), []),
        (day(date(2025, 12, 24), "Eve"), []),
    ],
    ids=["same source", "by hand", "another year"],
)
def test_only_a_day_of_the_same_source_and_years_is_dropped(known, gone):
    assert changes([day(NEW_YEAR)], [known]) == [*gone, (NEW_YEAR, "Christmas Day", "add", "")]


def test_a_day_with_hours_of_its_own_keeps_them():
    assert changes([day()], [], differing={CHRISTMAS}) == [(CHRISTMAS, "Christmas Day", "differs", "")]


def test_days_of_other_years_are_left_out():
    assert changes([day(date(2028, 12, 25))], []) == []


def test_taking_over_twice_changes_nothing():
    listed = public_holidays("US", "MA", YEARS)

    again = compare(listed, {day.on: day for day in listed}, differing=(), source="US-MA", years=YEARS)

    assert {one.change for one in again} == {Change.SAME}


def test_a_region_has_its_own_days():
    germany, bavaria = (public_holidays("DE", region, range(2026, 2027)) for region in ("", "BY"))

    assert date(2026, 1, 6) in {day.on for day in bavaria} - {day.on for day in germany}
    assert {day.source for day in bavaria} == {"DE-BY"}


def test_days_come_by_date_named_in_english_and_only_for_the_years_asked_for():
    listed = public_holidays("NO", "", YEARS)

    assert ClosedDay(date(2026, 5, 17), "Constitution Day", "NO") in listed
    assert all(one.on < other.on and one.on.year in YEARS for one, other in pairwise(listed))


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("NO", "BY"), ("", "")])
def test_an_unknown_country_or_region_is_refused(country, region):
    with pytest.raises(ValueError, match="not known"):
        public_holidays(country, region, YEARS)


def test_countries_and_regions_have_names():
    assert {"NO": "Norway", "BA": "Bosnia and Herzegovina"}.items() <= dict(countries()).items()
    assert dict(regions("DE"))["BY"] == "Bayern"
    assert regions("XX") == ()


@pytest.mark.parametrize(
    ("zone", "country"), [("Europe/Oslo", "NO"), ("America/New_York", "US"), ("UTC", "")]
)
def test_a_zone_tells_its_country(zone, country):
    assert country_of_zone(zone) == country


def test_what_is_no_country_and_no_zone_is_not_kept() -> None:
    """Whoever sends junk fills no memory with it."""
    regions("DE"), country_of_zone("Europe/Oslo")
    kept = public_holidays_module._regions.cache_info().currsize

    assert [regions(junk) for junk in ("", "XX", "x" * 10_000)] == [(), (), ()]
    assert [country_of_zone(junk) for junk in ("", "Mars/Olympus", "x" * 10_000)] == ["", "", ""]
    assert public_holidays_module._regions.cache_info().currsize == kept
    assert public_holidays_module._zones.cache_info().currsize == 1
