"""Days of a calendar that differ: a year at a time by hand, from a country's list, from a file."""

from __future__ import annotations

import html
import re
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calendars import services
from calendars.engine.business_time import business_time_between
from calendars.models import Calendar
from calendars.queries import business_calendar, current_version, days_of, fingerprint
from tests.calendars.test_ics import ics
from tests.factories import make_calendar
from tests.sla.calendar_forms import day_rows, edited
from tests.sla.hours import HOUR
from tests.sla.test_calendar_pages import errors_on, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db
CHRISTMAS = date(2026, 12, 25)


def days_page(calendar: Calendar, year: int = 2026) -> str:
    return f"{page_of(calendar)}days/{year}/"


def said(calendar: Calendar) -> list[str]:
    """Every day that differs, in a line each."""
    days = days_of(calendar, current_version(calendar))
    return [
        " ".join([f"{day.on}", day.kind, *map("-".join, day.windows), day.name, day.source]) for day in days
    ]


def make_named(**rules: Any) -> Calendar:
    """A calendar with Christmas by hand, New Year from the list of Norway, and Christmas Eve from noon."""
    calendar = make_calendar()
    week = current_version(calendar).rules | {"breaks": {"2026-12-24": [["12:00", "24:00"]]}} | rules
    names = services.Names(
        {CHRISTMAS: "Closed for us", date(2027, 1, 1): "New Year"}, {date(2027, 1, 1): "NO"},
        {date(2026, 12, 24): "Christmas Eve"},
    )  # fmt: skip
    services.revise_named(calendar, week, names, by=None)
    return calendar


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


# A list of a country


def taken(calendar: Calendar, *days: str, source: str = "NO") -> dict[str, Any]:
    return {"seen_as": fingerprint(calendar), "source": source, "take": list(days)}


def asked(client: Client, calendar: Calendar, **said: str) -> Any:
    norway = {"country": "NO", "region": "", "first": "2026", "last": "2027", "show": "1"}
    return client.get(page_of(calendar, "calendar-import"), norway | said)


def ticked(answer: Any) -> list[str]:
    found = re.findall(r'name="take" value="([^"]*)"[^>]*checked', answer.content.decode())
    return [html.unescape(one) for one in found]


def test_a_country_is_shown_before_it_is_taken_over_and_a_second_time_nothing_differs() -> None:
    calendar, client = make_calendar(), signed_in()
    shown = asked(client, calendar)

    client.post(page_of(calendar, "calendar-take"), taken(calendar, *ticked(shown)))

    assert calendar.versions.count() == 2
    assert "2026-05-01 closed Labor Day NO" in said(calendar)
    assert date(2026, 5, 17).isoweekday() == 7  # Constitution Day falls on a Sunday, which has no hours
    assert not any(day.startswith("2026-05-17") for day in said(calendar))
    assert ticked(asked(client, calendar)) == []


def test_months_later_only_what_differs_changes_and_days_by_hand_stay() -> None:
    calendar, client = make_named(holidays=["2026-07-01"]), signed_in()
    services.revise_named(calendar, current_version(calendar).rules, services.Names(
        {CHRISTMAS: "Closed for us", date(2026, 5, 1): "Old name", date(2026, 7, 1): "Gone"},
        {date(2026, 5, 1): "NO", date(2026, 7, 1): "NO"}), by=None)  # fmt: skip

    client.post(
        page_of(calendar, "calendar-take"), taken(calendar, *ticked(asked(client, calendar, last="2026")))
    )

    days = {day.on: (day.name, day.source) for day in days_of(calendar, current_version(calendar))}
    assert days[date(2026, 5, 1)] == ("Labor Day", "NO")
    assert days[CHRISTMAS] == ("Closed for us", "hand")
    assert days[date(2026, 12, 24)] == ("Christmas Eve", "hand")
    assert date(2026, 7, 1) not in days


@pytest.mark.parametrize(
    "pick", ["rename 2026-12-25 Mine", "drop 2026-12-25 x", "add 2026-12-25 x", "add 2026-12-24 x"]
)
def test_a_day_by_hand_stays_whatever_is_sent(pick: str) -> None:
    calendar = make_named()
    before, versions = said(calendar), calendar.versions.count()

    signed_in().post(page_of(calendar, "calendar-take"), taken(calendar, pick))

    assert (said(calendar), calendar.versions.count()) == (before, versions)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"take": ["close 2026-12-25 x"]}, "One of these days cannot be read."),
        ({"take": ["add 2026-02-30 x"]}, "There is no day 2026-02-30."),
        ({"source": "<b>"}, "It is not known where these days come from."),
        ({"seen_as": ""}, "This page is not whole or out of date. Open the calendar again."),
    ],
)
def test_what_no_page_sends_is_refused_in_words(sent: dict[str, Any], words: str) -> None:
    calendar = make_calendar()

    answer = signed_in().post(page_of(calendar, "calendar-take"), taken(calendar, "add 2026-05-01 x") | sent)

    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert said(calendar) == []


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ({"country": "XX"}, ["country"]),
        ({"country": "DE", "region": "MA"}, ["region"]),
        ({"first": "x"}, ["first"]),
        ({"first": "2026", "last": "2040"}, ["last"]),
        ({"first": "2027", "last": "2026"}, ["last"]),
    ],
)
def test_a_question_for_a_list_that_makes_no_sense_says_so(
    question: dict[str, str], fields: list[str]
) -> None:
    answer = asked(signed_in(), make_calendar(), **question)

    assert (answer.status_code, errors_on(answer)) == (422, fields)


def test_choosing_a_country_offers_its_regions_without_a_list() -> None:
    answer = asked(signed_in(), make_calendar(), country="DE", show="")

    assert ">Bayern</option>" in answer.content.decode()


# A file


def uploaded(client: Client, calendar: Calendar, data: bytes, **said: str) -> Any:
    years = {"first": "2026", "last": "2027"}
    file = SimpleUploadedFile("days.ics", data, content_type="text/calendar")
    return client.post(page_of(calendar, "calendar-import"), years | said | {"file": file})


def test_a_file_is_shown_before_it_is_taken_over_a12() -> None:
    calendar, client = make_calendar(), signed_in()
    event = "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20261226|SUMMARY:Christmas & more"
    shown = uploaded(client, calendar, ics(event, "DTSTART:20261230T090000Z|SUMMARY:Party"))

    assert calendar.versions.count() == 1
    assert "Party It has a time of day; only whole days are taken over." in text_of(shown)
    client.post(page_of(calendar, "calendar-take"), taken(calendar, *ticked(shown), source="ics"))

    assert said(calendar) == [
        "2026-12-24 closed Christmas & more ics",
        "2026-12-25 closed Christmas & more ics",
    ]


def test_a_day_that_a_later_file_lacks_goes_only_when_it_is_picked_a13() -> None:
    calendar, client = make_calendar(), signed_in()
    client.post(page_of(calendar, "calendar-take"), taken(calendar, "add 2026-12-24 Eve", source="ics"))

    shown = uploaded(client, calendar, ics())

    assert ticked(shown) == []
    assert 'value="drop 2026-12-24 Eve"' in shown.content.decode()
    assert said(calendar) == ["2026-12-24 closed Eve ics"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This is no calendar file"),
        (b"\xff", "This file is not UTF-8 text"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_beside_its_field(data: bytes, words: str) -> None:
    answer = uploaded(signed_in(), make_calendar(), data)

    assert (answer.status_code, errors_on(answer)) == (422, ["file"])
    assert words in text_of(answer)


def test_reading_a_file_without_one_says_so() -> None:
    calendar = make_calendar()

    answer = signed_in().post(page_of(calendar, "calendar-import"), {"first": "2026", "last": "2027"})

    assert (answer.status_code, errors_on(answer)) == (422, ["file"])
