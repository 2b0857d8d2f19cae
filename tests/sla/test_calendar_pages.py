"""Pages of calendars: hours as people write them, versions, and trying a due time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calendars.models import Calendar, CalendarVersion
from sla.forms.calendars import read_windows, write_windows
from tests.accounts.people import make_person
from tests.factories import make_calendar

pytestmark = pytest.mark.django_db
SENT = {"name": "Boston", "tz": "America/New_York", "mon": "09:00-12:00, 13:00-18:00"}


def errors_on(answer: Any) -> list[str]:
    return sorted(re.findall(r'id="id_(\w+)_error"', answer.content.decode()))


def due_on(answer: Any) -> list[str]:
    return re.findall(r'role="status"><span[^>]*>Due</span><b>([^<]+)</b>', answer.content.decode())


@pytest.mark.parametrize(
    "text", ["09:00-12:00, 13:00-17:00", "09:00 - 12:00; 13:00 – 17:00", "09:00 to 12:00 and 13:00 to 17:00"]
)
def test_windows_are_read_as_people_write_them(text: str) -> None:
    assert read_windows(text) == [["09:00", "12:00"], ["13:00", "17:00"]]


def test_windows_are_written_as_they_are_read() -> None:
    windows = [["09:00", "12:00"], ["13:00", "24:00"]]

    assert read_windows(write_windows(windows)) == windows


@pytest.mark.parametrize(
    ("role", "may"), [("operations", True), ("admin", True), ("", False), ("read_only", False)]
)
def test_everyone_reads_calendars_and_who_configures_edits(client: Client, role: str, may: bool) -> None:
    calendar = make_calendar()
    client.force_login(make_person(role=role))
    page, edit = (reverse(f"sla:{name}", args=[calendar.public_id]) for name in ("calendar", "calendar-edit"))

    read = [client.get(reverse("sla:settings-calendars")).status_code, client.get(page).status_code]
    acted = [client.get(edit), client.post(edit, SENT), client.get(reverse("sla:calendar-new"))]

    assert read == [200, 200]
    assert [answer.status_code for answer in acted] == ([200, 302, 200] if may else [403, 403, 403])
    assert calendar.versions.count() == (2 if may else 1)


def test_calendars_are_listed_by_name_with_the_hours_of_a_week(client: Client) -> None:
    for name, friday in (("Oslo", "16:30"), ("Bergen", "17:00")):
        made = make_calendar({"thu": [["09:00", "17:00"]], "fri": [["09:00", friday]]})
        Calendar.objects.filter(pk=made.pk).update(name=name)
    client.force_login(make_person())

    shown = client.get(reverse("sla:settings-calendars")).content.decode()

    assert re.findall(r'">(Bergen|Oslo)</a>', shown) == ["Bergen", "Oslo"]
    assert re.findall(r'<td class="r p4">([^<]+ h[^<]*)</td>', shown) == ["16 h", "15 h 30 m"]


def test_a_calendar_is_made_with_split_shifts_and_holidays(client: Client) -> None:
    client.force_login(make_person(role="operations"))

    client.post(
        reverse("sla:calendar-new"),
        SENT | {"holidays": "2026-11-26 Thanksgiving\n\n2026-12-25", "breaks": "2026-11-27 13:00-24:00"},
    )

    calendar = Calendar.objects.get()
    assert CalendarVersion.objects.get().rules == {
        "tz": "America/New_York",
        "hours": {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]},
        "shifts": {},
        "breaks": {"2026-11-27": [["13:00", "24:00"]]},
        "holidays": ["2026-11-26", "2026-12-25"],
    }
    assert list(calendar.holidays.values_list("name", flat=True)) == ["Thanksgiving", "Holiday"]


def test_editing_without_a_change_makes_no_version(client: Client) -> None:
    calendar = make_calendar(breaks={"2026-11-27": [["13:00", "24:00"]]}, holidays=["2026-12-25"])
    client.force_login(make_person(role="admin"))
    address = reverse("sla:calendar-edit", args=[calendar.public_id])
    form = client.get(address).context["form"]

    client.post(address, {bound.name: bound.value() or "" for bound in form})
    client.post(address, {bound.name: bound.value() or "" for bound in client.get(address).context["form"]})

    assert calendar.versions.count() == 2  # the first save writes the rules in their normal form


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"mon": "9-5"}, ["mon"]),
        ({"mon": "09:00-25:00"}, ["mon"]),
        ({"mon": "09:00-12:00, 11:00-13:00", "tue": "x"}, ["mon", "tue"]),
        ({"holidays": "Christmas"}, ["holidays"]),
        ({"holidays": "2026-02-30 No day"}, ["holidays"]),
        ({"shifts": "2026-12-05"}, []),
        ({"breaks": "2026-12-05 13:00"}, ["breaks"]),
        ({"tz": "Mars/Olympus"}, ["tz"]),
        ({"name": ""}, ["name"]),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(
    client: Client, changes: dict[str, str], fields: list[str]
) -> None:
    calendar = make_calendar()
    client.force_login(make_person(role="admin"))

    answer = client.post(reverse("sla:calendar-edit", args=[calendar.public_id]), SENT | changes)

    assert (answer.status_code, errors_on(answer)) == (422 if fields else 302, fields)
    assert calendar.versions.count() == (1 if fields else 2)


def test_a_calendar_that_never_opens_is_refused(client: Client) -> None:
    client.force_login(make_person(role="admin"))

    answer = client.post(reverse("sla:calendar-new"), {"name": "Never", "tz": "UTC"})

    assert (answer.status_code, "never opens" in answer.content.decode()) == (422, True)
    assert Calendar.objects.exists() is False


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-06-05T16:30", "1 h", "Mon 8 Jun 2026, 09:30"),  # golden case (a)
        ("2026-06-03T07:00", "2h", "Wed 3 Jun 2026, 11:00"),  # golden case (c)
        ("2026-06-03T09:00", "2 h 30 m", "Wed 3 Jun 2026, 11:30"),
        ("2026-06-03T09:00", "45 min", "Wed 3 Jun 2026, 09:45"),
    ],
)
def test_a_due_time_can_be_tried(client: Client, start: str, amount: str, due: str) -> None:
    calendar = make_calendar(tz="Europe/Oslo")
    client.force_login(make_person())

    answer = client.get(
        reverse("sla:calendar", args=[calendar.public_id]), {"start": start, "amount": amount}
    )

    assert due_on(answer) == [due]


@pytest.mark.parametrize(
    ("start", "amount", "field"),
    [
        ("soon", "1 h", "start"),
        ("2026-06-03T09:00", "1 parsec", "amount"),
        ("2026-06-03T09:00", "", "amount"),
    ],
)
def test_a_try_that_makes_no_sense_says_so(client: Client, start: str, amount: str, field: str) -> None:
    calendar = make_calendar()
    client.force_login(make_person())

    answer = client.get(
        reverse("sla:calendar", args=[calendar.public_id]), {"start": start, "amount": amount}
    )

    assert (answer.status_code, errors_on(answer), due_on(answer)) == (422, [field], [])


def test_the_list_costs_the_same_for_one_row_and_for_three(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_person())
    make_calendar()
    with django_assert_max_num_queries(100) as one:
        client.get(reverse("sla:settings-calendars"))
    for _ in range(2):
        make_calendar()

    with django_assert_max_num_queries(100) as three:
        client.get(reverse("sla:settings-calendars"))

    assert len(three) == len(one)


def test_a_save_from_a_page_that_is_out_of_date_is_refused(client: Client) -> None:
    calendar = make_calendar()
    client.force_login(make_person(role="admin"))
    address = reverse("sla:calendar-edit", args=[calendar.public_id])
    seen = client.get(address).context["form"]["seen_as"].value()

    answers = [client.post(address, SENT | {"name": name, "seen_as": seen}) for name in ("First", "Second")]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert Calendar.objects.get().name == "First"
