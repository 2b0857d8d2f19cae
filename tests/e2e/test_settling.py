"""Settling what counts, in a real browser: a calendar in rows, with a script and without, and a first contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from calendars.models import Calendar
from calendars.queries import current_version, days_of
from sla.models import ContractVersion
from tests.clock import DatabaseClock
from tests.factories import NOON, make_calendar, make_person, make_touch_kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AtDesk = Callable[..., Page]


@pytest.fixture(autouse=True)
def noon(transactional_db: None, database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)


def page_of(calendar: Calendar, what: str = "") -> str:
    return f"/settings/calendars/{calendar.public_id}/{what}"


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_a_day_is_opened_in_rows_and_return_saves(at_desk: AtDesk, scripts: bool) -> None:
    calendar = make_calendar({"mon": [["09:00", "17:00"]]})
    page = at_desk(make_person(role="operations"), java_script_enabled=scripts)
    page.goto(page_of(calendar, "edit/"))

    page.get_by_label("Name").fill("Bergen")
    page.get_by_role("button", name="Open on Saturday").click()
    expect(page.get_by_label("Saturday opens")).to_be_focused()
    page.get_by_label("Saturday opens").fill("10")
    page.get_by_label("Saturday closes").fill("2 pm")
    page.get_by_label("Saturday closes").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Bergen")
    assert current_version(calendar).rules["hours"]["sat"] == [["10:00", "14:00"]]


def test_holidays_come_in_by_country_and_region(at_desk: AtDesk) -> None:
    calendar = make_calendar({"mon": [["09:00", "17:00"]]}, tz="Europe/Berlin")
    page = at_desk(make_person(role="operations"))
    page.goto(page_of(calendar, "import/"))

    page.get_by_label("Country").select_option("AT")
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Region").select_option(label="Bayern")
    page.get_by_role("button", name="Show the days").click()
    page.get_by_role("button", name="Take over the picked days").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(calendar.name)
    days = days_of(calendar, current_version(calendar))
    assert {day.source for day in days} == {"DE-BY"}
    assert all(day.on.weekday() == 0 for day in days)  # it opens on Mondays alone


def test_three_questions_make_a_draft_that_opens_in_the_editor(at_desk: AtDesk) -> None:
    make_touch_kind("webinar")
    page = at_desk(make_person(role="operations"))
    page.goto("/contract/")
    page.get_by_role("link", name="Start from three questions").click()

    page.get_by_label("Rework").check()
    page.get_by_label("Under a month").check()
    expect(page.get_by_text("5 attempts in 5 days")).to_be_visible()
    expect(page.get_by_label("Rework")).to_be_checked()
    page.get_by_role("button", name="Save as draft v1").click()

    expect(page).to_have_url("/contract/1/edit/")
    version = ContractVersion.objects.get()
    assert set(version.commitments.values_list("kind", flat=True)) == {
        "first_response", "answer", "follow_up", "handover", "completeness", "quality", "rework",
    }  # fmt: skip
