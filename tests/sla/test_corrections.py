"""The page that corrects a calendar: what it would do, asking for it, how far it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calendars import services as calendars
from calendars.models import Calendar
from sla.models import Clock, Recompute
from sla.services import clocks
from sla.services.recompute import preview, work
from tests.factories import HOUR, make_calendar, make_member, make_person, make_team
from tests.sla.test_recompute import FRIDAY, HOLIDAY, LONGER, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Calendar:
    return make_calendar()


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_person(role="operations"))
    return client


def page_of(calendar: Calendar) -> str:
    return reverse("sla:calendar-correct", args=[calendar.public_id])


def text_of(answer: Any) -> str:
    main = answer.content.decode().partition("<main")[2] or answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_preview_says_what_moves_is_missed_and_excused_and_writes_nothing(
    office, client, database_clock
) -> None:
    for hours in (3, 3, 8):
        offered(office, hours * HOUR)
    clocks.breach_overdue(FRIDAY, limit=1)
    Clock.objects.filter(pk=Clock.objects.latest("pk").pk).update(target=8 * HOUR, due_at=FRIDAY + 4 * HOUR)
    version = calendars.revise(office, HOLIDAY, by=None)

    found = preview.of_correction(version, FRIDAY - 2 * HOUR)

    assert (found.concerned, found.later, found.earlier, len(found.missed)) == (2, 2, 0, 0)
    assert (len(found.excused), found.furthest) == (1, 72 * HOUR)
    assert not Recompute.objects.exists()
    assert set(Clock.objects.values_list("calendar_version__number", flat=True)) == {1}


def test_a_preview_of_longer_hours_names_what_would_be_missed_at_once(office) -> None:
    offered(office, 8 * HOUR)
    version = calendars.revise(office, LONGER, by=None)

    found = preview.of_correction(version, FRIDAY)

    assert [(one.was_due, one.due_at) for one in found.missed] == [(FRIDAY + 4 * HOUR, FRIDAY - 4 * HOUR)]
    assert (found.later, found.earlier, found.same, found.concerned) == (0, 0, 0, 1)


def test_of_very_many_those_due_first_are_looked_at(office) -> None:
    for hours in (4, 3, 5):
        offered(office, at=FRIDAY - 20 * HOUR - hours * HOUR)
    version = calendars.revise(office, HOLIDAY, by=None)

    found = preview.of_correction(version, FRIDAY - 24 * HOUR, limit=2)

    assert (found.concerned, found.looked_at, found.is_whole) == (3, 2, False)


def test_it_is_asked_for_watched_and_done(office, client, database_clock) -> None:
    """Without script the page is loaded again; htmx asks for the card alone, until it is done."""
    database_clock.set(FRIDAY - 2 * HOUR)
    offered(office)
    calendars.revise(office, HOLIDAY, by=None)
    page = page_of(office)

    asked = client.post(page, {"seen": 2}, follow=True)
    assert "Waits for a worker" in text_of(asked)
    assert "every 2s" in asked.content.decode()
    work.work_off()
    card = client.get(page, headers={"HX-Request": "true"}).content.decode()

    assert card.lstrip().startswith('<section class="card" id="recompute">')
    assert "every 2s" not in card
    assert "1 of 1 running clocks" in card
    assert "Nothing to correct" in text_of(client.get(page))


@pytest.mark.parametrize("seen", ["1", "", "x", "99999999999999999999"])
def test_what_was_not_seen_is_not_asked_for(office, client, seen: str) -> None:
    offered(office)
    calendars.revise(office, HOLIDAY, by=None)

    assert client.post(page_of(office), {"seen": seen}).status_code in (409, 422)
    assert not Recompute.objects.exists()


def test_the_holders_are_told_where_the_box_is_ticked(office, client) -> None:
    offered(office)
    calendars.revise(office, HOLIDAY, by=None)

    client.post(page_of(office), {"seen": 2, "notify": "on"})

    assert Recompute.objects.get().notify


def test_only_who_configures_sees_it(office) -> None:
    client = Client()
    client.force_login(make_member(make_team(), "sales_manager"))

    assert [client.get(page_of(office)).status_code, client.post(page_of(office)).status_code] == [403, 403]


def test_the_calendar_says_how_many_clocks_count_by_earlier_hours(office, client, database_clock) -> None:
    database_clock.set(FRIDAY - 2 * HOUR)
    calendar_page = reverse("sla:calendar", args=[office.public_id])
    offered(office)
    assert "earlier hours" not in text_of(client.get(calendar_page))

    calendars.revise(office, HOLIDAY, by=None)
    before = text_of(client.get(calendar_page))
    client.post(page_of(office), {"seen": 2})
    meanwhile = text_of(client.get(calendar_page))
    work.work_off()

    assert "1 running clock still counts by earlier hours" in before
    assert "Running clocks go over to v2: 0 done" in meanwhile
    assert "1 running clock went over" in text_of(client.get(calendar_page))
