"""Pages of calendars: opening hours in rows, versions, what is open now, and trying a due time."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calendars.models import Calendar, CalendarVersion
from calendars.queries import current_version
from tests.accounts.people import make_member, make_person, make_team
from tests.factories import make_calendar
from tests.sla.calendar_forms import edited, week
from tests.sla.makers import draft, promise

pytestmark = pytest.mark.django_db
TWO_SHIFTS = "09:00-12:00 13:00-18:00"


def signed_in(role: str = "operations", **fields: Any) -> Client:
    client = Client()
    client.force_login(make_person(role=role, **fields))
    return client


def page_of(calendar: Calendar, name: str = "calendar") -> str:
    return reverse(f"sla:{name}", args=[calendar.public_id])


def errors_on(answer: Any) -> list[str]:
    return sorted(re.findall(r'id="id_([\w-]+)_error"', answer.content.decode()))


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def hours_of(calendar: Calendar) -> dict[str, Any]:
    return current_version(calendar).rules["hours"]


@pytest.mark.parametrize(
    ("role", "may"), [("operations", True), ("admin", True), ("", False), ("read_only", False)]
)
def test_everyone_reads_calendars_and_who_configures_edits(role: str, may: bool) -> None:
    calendar, client = make_calendar(), signed_in(role)
    edit = page_of(calendar, "calendar-edit")

    read = [client.get(page).status_code for page in (reverse("sla:settings-calendars"), page_of(calendar))]
    acted = [client.get(edit), client.post(edit, edited(calendar)), client.get(reverse("sla:calendar-new"))]

    assert read == [200, 200]
    assert [answer.status_code for answer in acted] == ([200, 302, 200] if may else [403, 403, 403])
    assert calendar.versions.count() == (2 if may else 1)


def test_calendars_are_listed_by_name_with_the_hours_of_a_week() -> None:
    for name, friday in (("Oslo", "16:30"), ("Bergen", "17:00")):
        made = make_calendar({"thu": [["09:00", "17:00"]], "fri": [["09:00", friday]]})
        Calendar.objects.filter(pk=made.pk).update(name=name)

    shown = signed_in("").get(reverse("sla:settings-calendars")).content.decode()

    assert re.findall(r'">(Bergen|Oslo)</a>', shown) == ["Bergen", "Oslo"]
    assert re.findall(r'<td class="r p4">([^<]+ h[^<]*)</td>', shown) == ["16 h", "15 h 30 m"]


def test_a_calendar_is_made_with_split_shifts_a18() -> None:
    signed_in().post(reverse("sla:calendar-new"), week(mon="08:00-12:00 13:30-18:00", sat="9-13"))

    assert Calendar.objects.get().name == "Boston"
    assert CalendarVersion.objects.get().rules == {
        "tz": "America/New_York",
        "hours": {"mon": [["08:00", "12:00"], ["13:30", "18:00"]], "sat": [["09:00", "13:00"]]},
        "shifts": {},
        "breaks": {},
        "holidays": [],
    }


def test_hours_are_local_times_in_winter_and_summer_a05() -> None:
    calendar, client = make_calendar(tz="Europe/London"), signed_in()
    address = page_of(calendar, "calendar-edit")

    client.post(address, edited(calendar, tz="Europe/London", mon="08:30-17:30"))

    form = client.get(address).context["form"]
    assert form.days["mon"].initial == [{"start": "08:30", "end": "17:30"}]
    tried = client.get(page_of(calendar), {"start": "2026-11-02T06:00", "amount": "1 h"})
    assert "Due Mon 2 Nov 2026, 09:30" in text_of(tried)


@pytest.mark.parametrize("start", ["0001-01-01T00:00", "9999-12-31T23:00"])
def test_a_try_far_from_today_is_refused_in_words(start: str) -> None:
    calendar = make_calendar(tz="Europe/Berlin")

    answer = signed_in().get(page_of(calendar), {"start": start, "amount": "1 h"})

    assert (answer.status_code, "Choose a day from 1990 to 2199." in text_of(answer)) == (422, True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("00:00-24:00", ["00:00", "24:00"]), ("9-17", ["09:00", "17:00"]), ("930-5 pm", ["09:30", "17:00"]),
     ("12 am-12 pm", ["00:00", "12:00"]), ("9.15-24", ["09:15", "24:00"])],
)  # fmt: skip
def test_times_are_read_as_people_type_them_and_24_00_stays_a19(typed: str, kept: list[str]) -> None:
    calendar, client = make_calendar(), signed_in()
    start, end = typed.split("-")

    sent = edited(calendar) | {"mon-TOTAL_FORMS": "1", "mon-0-start": start, "mon-0-end": end}
    client.post(page_of(calendar, "calendar-edit"), sent)

    assert hours_of(calendar) == {"mon": [kept]}


def test_editing_without_a_change_makes_no_version() -> None:
    hours = {"mon": [["09:00", "17:00"]]}
    calendar = make_calendar(hours, "Europe/Oslo", shifts={}, breaks={}, holidays=["2026-12-25"])

    same = edited(calendar, name=calendar.name, tz="Europe/Oslo", mon="09:00-17:00")
    answer = signed_in().post(page_of(calendar, "calendar-edit"), same)

    assert (answer.status_code, calendar.versions.count()) == (302, 1)


def test_other_hours_leave_the_days_that_differ_alone() -> None:
    differing = {"breaks": {"2026-11-27": [["13:00", "24:00"]]}, "holidays": ["2026-12-25"]}
    calendar = make_calendar(**differing)

    signed_in().post(page_of(calendar, "calendar-edit"), edited(calendar))

    rules = current_version(calendar).rules
    assert {key: rules[key] for key in differing} == differing


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"mon": "x-17:00"}, ["mon-0-start"]),
        ({"mon": "09:00-25:00"}, ["mon-0-end"]),
        ({"mon": "09:00-09:60"}, ["mon-0-end"]),
        ({"mon": "09:00-"}, ["mon-0-end"]),
        ({"mon": "-17:00"}, ["mon-0-start"]),
        ({"mon": "09:00-09:00"}, ["mon-0-end"]),
        ({"mon": "09:00-12:00 11:00-13:00"}, ["mon-1-start"]),
        ({"mon": "11:00-13:00 09:00-12:00", "tue": "13pm-14"}, ["mon-0-start", "tue-0-start"]),
        ({"tz": "Mars/Olympus"}, ["tz"]),
        ({"name": ""}, ["name"]),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    said: dict[str, str], fields: list[str]
) -> None:
    calendar = make_calendar()

    answer = signed_in().post(page_of(calendar, "calendar-edit"), edited(calendar, **said))

    assert (answer.status_code, errors_on(answer)) == (422, fields)
    assert calendar.versions.count() == 1


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("22:00-06:00", "write 22:00 to 24:00 here and 00:00 to 06:00 on the next day."),
        ("22:00-00:00", "write 22:00 to 24:00 here."),
    ],
)
def test_hours_past_midnight_are_refused_with_what_to_write(hours: str, words: str) -> None:
    answer = signed_in().post(reverse("sla:calendar-new"), week(mon=hours))

    assert f"A day ends at 24:00. Past midnight, {words}" in text_of(answer)


def test_hours_past_midnight_are_said_in_words() -> None:
    calendar = make_calendar({"fri": [["22:00", "24:00"]], "sat": [["00:00", "06:00"]]})

    shown = text_of(signed_in("").get(page_of(calendar)))

    assert "22:00 to 24:00, then on until 06:00 on Saturday" in shown


def test_a_calendar_that_never_opens_is_refused_in_words_a20() -> None:
    calendar, client = make_calendar(), signed_in()

    answers = [client.post(reverse("sla:calendar-new"), week()),
               client.post(page_of(calendar, "calendar-edit"), edited(calendar, mon=""))]  # fmt: skip

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("The calendar never opens" in text_of(answer) for answer in answers)
    assert CalendarVersion.objects.count() == 1


@pytest.mark.parametrize(("day", "total"), [("mon", 3), ("sat", 1)])
def test_a_range_more_is_a_button_that_keeps_what_was_typed(day: str, total: int) -> None:
    calendar = make_calendar()
    typed = edited(calendar, mon="09:00-x 13:00-18:00", name="") | {"add": day}

    answer = signed_in().post(page_of(calendar, "calendar-edit"), typed)

    form = answer.context["form"]
    assert (answer.status_code, errors_on(answer)) == (200, [])
    assert len(form.days[day].forms) == total
    assert 'name="mon-0-end" value="x"' in answer.content.decode()
    assert calendar.versions.count() == 1


def test_the_working_days_become_like_monday() -> None:
    answer = signed_in().post(
        reverse("sla:calendar-new"), week(mon=TWO_SHIFTS, tue="1-2", sat="10-12") | {"copy": "1"}
    )

    days = answer.context["form"].days
    monday = days["mon"].initial
    assert [days[key].initial == monday for key in ("tue", "wed", "thu", "fri", "sat")] == [True] * 4 + [
        False
    ]


@pytest.mark.parametrize("total", ["", "-1", "9999", "²"])
def test_a_form_that_is_not_whole_is_refused_in_words(total: str) -> None:
    calendar = make_calendar()

    sent = edited(calendar) | {"mon-TOTAL_FORMS": total}
    answers = [
        signed_in().post(page_of(calendar, "calendar-edit"), sent | more) for more in ({}, {"add": "mon"})
    ]

    assert [answer.status_code for answer in answers] == [422, 200]
    assert calendar.versions.count() == 1


def test_a_save_that_does_not_say_what_was_seen_is_refused() -> None:
    calendar = make_calendar()

    answer = signed_in().post(page_of(calendar, "calendar-edit"), week(mon=TWO_SHIFTS))

    assert answer.status_code == 422
    assert "This page is not whole or out of date. Open the calendar again." in text_of(answer)
    assert calendar.versions.count() == 1


def test_a_save_from_a_page_that_is_out_of_date_is_refused() -> None:
    calendar, client = make_calendar(), signed_in()
    sent = edited(calendar)

    answers = [
        client.post(page_of(calendar, "calendar-edit"), sent | {"name": name}) for name in ("First", "Second")
    ]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert Calendar.objects.get().name == "First"


@pytest.mark.parametrize(
    ("at", "badge"),
    [
        ("2026-07-01T13:30+00:00", "Open until today 17:00 ( today 23:00 for you)"),  # 09:30 in summer
        ("2026-01-05T13:30+00:00", "Closed opens today 09:00 ( today 15:00 for you)"),  # 08:30 in winter
    ],
)
def test_the_badge_says_what_the_engine_says_on_both_clocks_a03(
    database_clock: Any, at: str, badge: str
) -> None:
    calendar = make_calendar(tz="America/New_York")
    database_clock.set(datetime.fromisoformat(at))
    client = signed_in("", time_zone="Europe/Oslo")

    shown = [text_of(client.get(page)) for page in (reverse("sla:settings-calendars"), page_of(calendar))]

    assert [badge in text for text in shown] == [True, True]


def test_who_and_what_works_by_a_calendar_is_named() -> None:
    calendar = make_calendar()
    make_team("Americas", calendar=calendar)
    make_member(make_team("Europe"), name="Kim Berg", calendar=calendar)
    promise(draft(), "answer", calendar=calendar, target=None)

    shown = text_of(signed_in("").get(page_of(calendar)))

    assert "Team Americas Kim Berg , instead of Europe Contract v1 (draft): answer 0" in shown


def test_the_list_costs_the_same_for_one_row_and_for_three(django_assert_max_num_queries: Any) -> None:
    client = signed_in("")
    make_calendar()
    with django_assert_max_num_queries(100) as one:
        client.get(reverse("sla:settings-calendars"))
    for _ in range(2):
        make_calendar()

    with django_assert_max_num_queries(100) as three:
        client.get(reverse("sla:settings-calendars"))

    assert len(three) == len(one)
