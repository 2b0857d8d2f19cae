"""An import whose leads would be MQLs by hours that never open: it waits, says for what, and stops no other (R20)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from calendars.models import Calendar, CalendarVersion
from intake.models import ImportRun
from intake.services import runs, work
from intake.services.runs import Choice
from intake.tasks import resume_imports
from leads.models import Lead, Qualification
from tests.factories import make_person
from tests.sla.test_never_open import handover_of_norway, never_opens

pytestmark = pytest.mark.django_db
SAID = "The working hours that the contract counts by have no open time for ten years"


@pytest.fixture
def calendar() -> Calendar:
    """Leads of Norway are owed an offer in its hours, of which there are no more."""
    calendar = handover_of_norway()
    never_opens(calendar)
    return calendar


@pytest.fixture
def operations() -> User:
    return make_person(role="operations")


def started(person: User, country: str) -> ImportRun:
    content = f"E-mail,First name,Country\n{country}@lagos.example,Mary,{country}\n".encode()
    run = runs.upload("leads.csv", content, by=person)
    runs.check(run, Choice(("email", "first_name", "country")), by=person)
    work.work_on(run.pk)
    return runs.start(ImportRun.objects.get(pk=run.pk), by=person)


def test_it_says_what_it_waits_for_and_stops_no_later_one(
    calendar: Calendar, operations: User, client: Client
) -> None:
    stuck, free = started(operations, "NO"), started(operations, "DE")

    resume_imports()

    client.force_login(operations)
    page = client.get(f"/import/{stuck.public_id}/run/").content.decode()
    states = ImportRun.objects.in_bulk([stuck.pk, free.pk])
    assert [states[run.pk].status for run in (stuck, free)] == ["running", "done"]
    assert SAID in page
    assert Lead.objects.filter(stage="inquiry").count() == 1


def test_what_it_waits_for_is_logged_once_though_it_is_tried_every_minute(
    calendar: Calendar, operations: User, caplog: pytest.LogCaptureFixture
) -> None:
    started(operations, "NO")

    for _ in range(3):
        resume_imports()

    said = [line.getMessage() for line in caplog.records if line.name == work.__name__]
    assert [SAID in line for line in said] == [True]


def test_it_goes_on_by_itself_when_somebody_has_corrected_the_hours(
    calendar: Calendar, operations: User
) -> None:
    rules = {"tz": "UTC", "hours": {"mon": [["09:00", "17:00"]]}}
    run = started(operations, "NO")
    work.work_on(run.pk)
    waited = ImportRun.objects.get(pk=run.pk).report["waits"]
    CalendarVersion.objects.filter(calendar=calendar).update(rules=rules)

    resume_imports()

    run.refresh_from_db()
    assert waited.startswith(SAID)
    assert (run.status, run.report["mqls"], "waits" in run.report) == ("done", 1, False)
    assert Qualification.objects.count() == 1
