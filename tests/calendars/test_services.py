"""Writing calendars: every change is a new version, and only what makes sense is one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from calendars import services
from calendars.engine.dated import DatedDay, DayKind
from calendars.models import Calendar, CalendarVersion
from calendars.queries import (
    business_calendar,
    current_version,
    days_of,
    known_days,
    with_current_version,
)
from calendars.services import Names
from common.refusals import Invalid

pytestmark = pytest.mark.django_db
OFFICE = {"tz": "Europe/Oslo", "hours": {"mon": [["09:00", "17:00"]]}}
LONGER = {"tz": "Europe/Oslo", "hours": {"mon": [["08:00", "18:00"]]}}
EVE, CHRISTMAS = date(2026, 12, 24), date(2026, 12, 25)


def make(name: str = "Bergen", rules: dict[str, Any] | None = None, **options: Any) -> Calendar:
    return services.create(name, rules or OFFICE, by=None, **options)


def closed_on(calendar: Calendar) -> list[tuple[date, str]]:
    return [(day.on, day.name) for day in days_of(calendar, current_version(calendar))]


def test_a_calendar_begins_with_version_one() -> None:
    calendar = make()

    version = current_version(calendar)
    assert (calendar.slug, version.number, business_calendar(version).tz) == ("bergen", 1, "Europe/Oslo")


def test_a_change_is_a_new_version_and_the_old_one_stays() -> None:
    calendar = make()
    first = current_version(calendar)

    second = services.revise(calendar, LONGER, by=None)

    first.refresh_from_db()
    assert (second.number, second.is_current, first.is_current) == (2, True, False)
    assert first.rules["hours"] == OFFICE["hours"]


def test_the_same_hours_make_no_version() -> None:
    calendar = make()

    services.revise(calendar, {**OFFICE, "hours": {"mon": [["09:00", "17:00"]], "tue": []}}, by=None)

    assert calendar.versions.count() == 1


def test_holidays_stand_in_the_rules_and_have_names() -> None:
    calendar = make(holidays={CHRISTMAS: "Christmas Day"})

    version = current_version(calendar)
    assert version.rules["holidays"] == ["2026-12-25"]
    assert closed_on(calendar) == [(CHRISTMAS, "Christmas Day")]


def test_a_holiday_that_is_left_out_is_open_again() -> None:
    calendar = make(holidays={CHRISTMAS: "Christmas Day", date(2026, 12, 26): "Boxing Day"})

    services.revise(calendar, OFFICE, holidays={CHRISTMAS: "First Day of Christmas"}, by=None)

    assert closed_on(calendar) == [(CHRISTMAS, "First Day of Christmas")]
    assert calendar.holidays.count() == 1


def test_rules_with_days_only_keep_the_names_people_know() -> None:
    calendar = make(holidays={CHRISTMAS: "Christmas Day", date(2026, 12, 26): "Boxing Day"})

    services.revise(calendar, {**OFFICE, "holidays": ["2026-12-25", "2027-01-01"]}, by=None)

    assert closed_on(calendar) == [
        (CHRISTMAS, "Christmas Day"),
        (date(2027, 1, 1), "Holiday"),
    ]


@pytest.mark.parametrize(
    "rules",
    [
        {"tz": "Mars/Olympus", "hours": OFFICE["hours"]},
        {"tz": "UTC", "hours": {}},
        {"tz": "UTC", "hours": {"mon": [["17:00", "09:00"]]}},
        {"tz": "UTC", "hours": {"mon": [["09:00", "12:00"], ["11:00", "17:00"]]}},
        {"tz": "UTC"},
    ],
    ids=["zone", "never open", "reversed", "overlap", "no hours"],
)
def test_hours_that_make_no_sense_change_nothing(rules: dict[str, Any]) -> None:
    calendar = make()

    with pytest.raises(Invalid):
        services.revise(calendar, rules, by=None)

    assert current_version(calendar).number == 1


@pytest.mark.parametrize("name", ["bergen", " Bergen ", ""])
def test_a_calendar_needs_a_name_of_its_own(name: str) -> None:
    make("Bergen")

    with pytest.raises(Invalid) as refused:
        make(name)

    assert list(refused.value.errors) == ["name"]


def test_another_name_makes_no_version() -> None:
    calendar = make()

    services.rename(calendar, "Oslo")

    assert (Calendar.objects.get().name, CalendarVersion.objects.count()) == ("Oslo", 1)


def test_the_list_costs_two_queries_for_any_number(django_assert_num_queries: Any) -> None:
    for name in ("Bergen", "Boston", "Hamburg"):
        make(name)

    with django_assert_num_queries(2):
        names = [(calendar.name, vars(calendar)["current"][0].number) for calendar in with_current_version()]

    assert names == [("Bergen", 1), ("Boston", 1), ("Hamburg", 1)]


def test_a_day_keeps_where_it_came_from_until_it_is_called_something_else() -> None:
    calendar = make(holidays={CHRISTMAS: "Christmas Day", EVE: "Eve"}, sources={CHRISTMAS: "NO", EVE: "NO"})

    services.revise(calendar, OFFICE, holidays={CHRISTMAS: "Christmas Day", EVE: "Closed for us"}, by=None)

    assert [day.source for day in known_days(calendar).values()] == ["hand", "NO"]


def test_a_day_with_hours_of_its_own_keeps_its_name_when_the_week_changes() -> None:
    rules = OFFICE | {"breaks": {"2026-12-24": [["12:00", "24:00"]]}}
    calendar = make()
    services.revise_named(calendar, rules, Names(differing={EVE: "Christmas Eve"}), by=None)

    services.revise(calendar, rules | {"hours": LONGER["hours"]}, by=None)

    days = days_of(calendar, current_version(calendar))
    assert days == [DatedDay(EVE, DayKind.BREAK, (("12:00", "24:00"),), "Christmas Eve", "hand")]


def test_a_name_goes_with_its_day() -> None:
    calendar = make(holidays={EVE: "Eve"})

    services.revise_named(calendar, OFFICE, Names(), by=None)

    assert known_days(calendar) == {}
