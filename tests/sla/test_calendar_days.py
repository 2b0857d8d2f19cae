"""Days of a calendar that differ: a year at a time by hand, from a country's list, from a file."""

from __future__ import annotations

from datetime import datetime

import pytest

from calendars import services
from calendars.engine.business_time import business_time_between
from calendars.models import Calendar
from calendars.queries import business_calendar, current_version
from tests.factories import make_calendar
from tests.sla.calendar_forms import day_rows, edited, make_named, said, taken
from tests.sla.hours import HOUR
from tests.sla.test_calendar_pages import errors_on, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def days_page(calendar: Calendar, year: int = 2026) -> str:
    return f"{page_of(calendar)}days/{year}/"


def test_a_year_is_entered_in_rows_with_whole_and_part_days_and_other_hours() -> None:
    calendar = make_calendar()
    rows = ["2026-12-24 break 12:00 - Christmas Eve", "2026-12-25 closed - - Christmas Day",
            "2026-12-28 shift 10:00 12:00 Between the years", "2026-12-28 shift 13:00 14:00 Between the years",
            "- closed - - -"]  # fmt: skip

    signed_in().post(days_page(calendar), day_rows(calendar, *rows))

    assert said(calendar) == [
        "2026-12-24 break 12:00-24:00 Christmas Eve hand",
        "2026-12-25 closed Christmas Day hand",
        "2026-12-28 shift 10:00-12:00 13:00-14:00 Between the years hand",
    ]


def test_a_shift_takes_the_place_of_the_hours_of_that_local_day_a25() -> None:
    calendar = make_calendar(tz="Pacific/Apia")

    signed_in().post(days_page(calendar, 2024), day_rows(calendar, "2024-03-12 shift 14:00 16:00 -"))

    hours = business_calendar(current_version(calendar))
    start, end = (datetime.fromisoformat(f"2024-03-{day}T00:00+13:00") for day in (12, 13))
    assert business_time_between(hours, start, end) == 2 * HOUR


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Pacific/Apia", "UTC"])
def test_a_day_is_the_same_day_for_every_reader_a11(zone: str) -> None:
    calendar = make_named()
    client = signed_in(time_zone=zone)

    shown = [
        text_of(client.get(page_of(calendar), {"year": "2026"})),
        client.get(days_page(calendar)).content.decode(),
    ]

    assert "Fri 25 Dec Closed for us Closed all day By hand" in shown[0]
    assert 'value="2026-12-25"' in shown[1]


def test_other_years_stay_as_they_are_and_a_new_name_is_by_hand() -> None:
    calendar = make_named()

    signed_in().post(days_page(calendar, 2027), day_rows(calendar, "2027-01-01 closed - - First of January"))

    assert said(calendar) == [
        "2026-12-24 break 12:00-24:00 Christmas Eve hand",
        "2026-12-25 closed Closed for us hand",
        "2027-01-01 closed First of January hand",
    ]


def test_saving_a_year_without_a_change_makes_no_version_and_keeps_where_days_come_from() -> None:
    calendar = make_named()
    before, versions = said(calendar), calendar.versions.count()

    signed_in().post(days_page(calendar, 2027), day_rows(calendar, "2027-01-01 closed - - New Year"))

    assert (said(calendar), calendar.versions.count()) == (before, versions)


def test_a_day_is_taken_out_by_its_box_or_by_leaving_it_out() -> None:
    calendar = make_named()
    sent = day_rows(calendar, "2026-12-25 closed - - Closed for us") | {"days-0-remove": "on"}

    signed_in().post(days_page(calendar), sent)

    assert said(calendar) == ["2027-01-01 closed New Year NO"]


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (["2026-02-30 closed - - -"], ["days-0-on"]),
        (["2027-12-25 closed - - -"], ["days-0-on"]),
        (["- closed - - Name"], ["days-0-on"]),
        (["2026-12-25 break - - -"], ["days-0-start"]),
        (["2026-12-25 shift 10:00 - -"], ["days-0-end"]),
        (["2026-12-25 shift 22:00 02:00 -"], ["days-0-end"]),
        (["2026-12-25 closed - - -", "2026-12-25 closed - - -"], ["days-1-on"]),
        (["2026-12-25 closed - - -", "2026-12-25 break 12:00 - -"], ["days-1-on"]),
        (["2026-12-25 shift 10:00 14:00 -", "2026-12-25 shift 12:00 16:00 -"], ["days-1-start"]),
        (["2026-12-25 party - - -"], ["days-0-kind"]),
    ],
)
def test_what_is_wrong_in_a_row_stands_at_its_field_and_nothing_is_saved(
    rows: list[str], fields: list[str]
) -> None:
    calendar = make_calendar()

    answer = signed_in().post(days_page(calendar), day_rows(calendar, *rows))

    assert (answer.status_code, errors_on(answer)) == (422, fields)
    assert calendar.versions.count() == 1


def test_a_row_that_is_to_be_removed_may_be_wrong() -> None:
    calendar = make_calendar()
    sent = day_rows(calendar, "2026-02-30 closed - - -") | {"days-0-remove": "on"}

    assert signed_in().post(days_page(calendar), sent).status_code == 302


def test_more_rows_come_without_losing_what_was_typed() -> None:
    calendar = make_calendar()
    sent = day_rows(calendar, "2026-02-30 closed - - Half typed") | {"more": "1"}

    answer = signed_in().post(days_page(calendar), sent)

    assert (answer.status_code, len(answer.context["form"].rows.forms), errors_on(answer)) == (200, 3, [])
    assert 'value="Half typed"' in answer.content.decode()


@pytest.mark.parametrize("page", ["days", "week", "take"])
def test_whoever_was_slower_overwrites_nothing(page: str) -> None:
    calendar, client = make_named(), signed_in()
    sent = {
        "days": (days_page(calendar), day_rows(calendar, "2026-12-25 closed - - Mine")),
        "week": (page_of(calendar, "calendar-edit"), edited(calendar)),
        "take": (page_of(calendar, "calendar-take"), taken(calendar, "add 2026-05-01 Labor Day")),
    }[page]
    services.revise(calendar, current_version(calendar).rules | {"holidays": ["2026-06-01"]}, by=None)
    before = said(calendar)

    answer = client.post(*sent)

    assert (answer.status_code, said(calendar)) == (409, before)


@pytest.mark.parametrize(("page", "year"), [("days", 1989), ("days", 2200), ("days", 10**12)])
def test_years_far_away_have_no_page(page: str, year: int) -> None:
    assert signed_in().get(days_page(make_calendar(), year)).status_code == 404


@pytest.mark.parametrize("name", ["calendar-import", "calendar-take"])
def test_who_does_not_configure_brings_nothing_in(name: str) -> None:
    calendar = make_calendar()

    answers = [signed_in("").post(page_of(calendar, name), taken(calendar, "add 2026-05-01 Labor Day")),
               signed_in("").post(days_page(calendar), day_rows(calendar, "2026-05-01 closed - - -"))]  # fmt: skip

    assert [answer.status_code for answer in answers] == [403, 403]
    assert said(calendar) == []
