"""Closed days that come in as a list: from a country, from a file, shown before they are taken over."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from calendars import services
from calendars.models import Calendar
from calendars.queries import current_version, days_of
from tests.calendars.test_ics import ics
from tests.factories import make_calendar
from tests.sla.calendar_forms import CHRISTMAS, make_named, said, taken
from tests.sla.test_calendar_pages import errors_on, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db

# A list of a country


def asked(client: Client, calendar: Calendar, **question: str) -> Any:
    norway = {"country": "NO", "region": "", "first": "2026", "last": "2027", "show": "1"}
    return client.get(page_of(calendar, "calendar-import"), norway | question)


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
        ({"take": ["add 2026-05-01 a\x00b"]}, "One of these days cannot be taken over."),
        ({"take": ["add 0001-01-01 x"]}, "One of these days cannot be taken over."),
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


@pytest.mark.parametrize(
    ("sources", "country", "region"),
    [({}, "NO", ""), ({CHRISTMAS: "DE-BY"}, "DE", "BY"), ({CHRISTMAS: "ics"}, "NO", "")],
    ids=["its zone", "its days", "a file"],
)
def test_the_country_asked_for_first_is_that_of_its_days_else_of_its_zone(
    sources: dict[date, str], country: str, region: str
) -> None:
    calendar = make_calendar(tz="Europe/Oslo")
    names = services.Names(dict.fromkeys(sources, "Christmas"), sources)
    services.revise_named(calendar, current_version(calendar).rules, names, by=None)

    form = signed_in().get(page_of(calendar, "calendar-import")).context["country"]

    assert (form["country"].value(), form["region"].value()) == (country, region)


def test_a_day_that_is_closed_and_has_a_break_loses_only_the_closure() -> None:
    calendar = make_calendar()
    rules = current_version(calendar).rules | {"breaks": {"2026-12-25": [["12:00", "24:00"]]}}
    services.revise_named(
        calendar, rules, services.Names({CHRISTMAS: "Christmas"}, {CHRISTMAS: "NO"}), by=None
    )

    signed_in().post(page_of(calendar, "calendar-take"), taken(calendar, "drop 2026-12-25 x"))

    assert [day.kind for day in days_of(calendar, current_version(calendar))] == ["break"]


def test_a_year_of_closures_is_refused_in_words() -> None:
    calendar = make_calendar()
    days = [f"add {date(2026, 1, 1) + timedelta(days=number)} Closed" for number in range(151)]

    answer = signed_in().post(page_of(calendar, "calendar-take"), taken(calendar, *days))

    assert (answer.status_code, said(calendar)) == (422, [])
    assert "2026 would have 151 days that differ; a year has up to 150." in text_of(answer)


def test_a_year_that_was_too_full_before_stops_no_other_change() -> None:
    full = [str(date(2020, 1, 1) + timedelta(days=number)) for number in range(160)]
    calendar = make_calendar(holidays=full)
    take = page_of(calendar, "calendar-take")

    signed_in().post(take, taken(calendar, "add 2026-12-25 Christmas"))
    refused = signed_in().post(take, taken(calendar, "add 2020-12-25 Christmas"))

    assert len(said(calendar)) == 161
    assert "2020 would have 161 days that differ; a year has up to 150." in text_of(refused)


def test_choosing_a_country_offers_its_regions_without_a_list() -> None:
    answer = asked(signed_in(), make_calendar(), country="DE", show="")

    assert ">Bayern</option>" in answer.content.decode()


# A file


def uploaded(client: Client, calendar: Calendar, data: bytes, **question: str) -> Any:
    years = {"first": "2026", "last": "2027"}
    file = SimpleUploadedFile("days.ics", data, content_type="text/calendar")
    return client.post(page_of(calendar, "calendar-import"), years | question | {"file": file})


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
