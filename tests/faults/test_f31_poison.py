"""F31: rows that make no sense are parked or pass by default, and all others go on (R20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client

from calendars.models import Calendar, CalendarVersion
from common import outbox
from common.database.moments import database_now
from common.models import Outbox
from leads import events as journal
from leads.models import LeadEvent
from notifications.models import Delivery, Notice
from notifications.services import mail
from notifications.services.relay import relay
from sla.models import Clock
from sla.services import clocks
from tests.factories import HOUR, MINUTE, make_calendar, make_handoff
from tests.faults.due import assert_each_missed_once, assert_each_told_once, make_due
from tests.sla.makers import clock_of, happens, make_contract

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CORRUPT = [
    {},
    {"tz": "Mars/Olympus", "hours": {}},
    {"tz": "UTC", "hours": {"mon": [["25:00", "xx"]]}},
    [1],
    "hours",
]


def spoil(calendar: Calendar, rules: object) -> None:
    """Its current version becomes what no editor would save; the one before it stays."""
    calendar.versions.update(is_current=False)
    CalendarVersion.objects.create(calendar=calendar, number=2, rules=rules, created_at=database_now())


@pytest.mark.parametrize("rules", CORRUPT, ids=str)
def test_with_a_corrupt_calendar_work_goes_on_by_the_version_before(client: Client, rules: object) -> None:
    """Of the calendar that the offer counts by, and of another that nobody asked for."""
    now, always = database_now(), {day: [["00:00", "24:00"]] for day in WEEK}
    office = make_calendar(always)
    make_contract(now - timedelta(days=30), calendar=office, answer=HOUR)
    missed, answered = (make_handoff(at=now - 2 * HOUR) for _ in range(2))
    happens("offered", missed, now - 2 * HOUR)
    for calendar in (office, make_calendar()):
        spoil(calendar, rules)

    happens("offered", answered, now)
    happens("accepted", answered, now + timedelta(seconds=1))
    clocks.sweep()
    seen = client.get("/health/deadlines").json()

    assert_each_missed_once([clock_of(missed, "answer").pk])
    assert (clock_of(answered, "answer").status, clock_of(answered, "answer").due_at) == ("met", now + HOUR)
    assert (seen["calendars"], "calendars" in seen["wrong"]) == (2, True)


def test_an_unknown_kind_of_event_changes_no_clock_and_stops_nothing() -> None:
    now = database_now()
    [late] = make_due(1, now - MINUTE)
    lead = Clock.objects.get(pk=late).lead
    journal.record([LeadEvent(kind="teleported", lead=lead, at=now, recorded_at=now, data={"to": "Mars"})])

    clocks.sweep()

    assert_each_missed_once([late])
    assert clocks.replay().differs == 0


def test_an_unknown_topic_is_parked_after_three_tries_and_shown(client: Client) -> None:
    """Three: a newer release may know it."""
    make_due(3, database_now() - MINUTE)
    outbox.leave("stars.aligned", 1, at=database_now())
    clocks.sweep()

    for _ in range(3):
        relay()
        Outbox.objects.filter(done_at=None).update(claimed_until=None)

    assert Outbox.objects.get(topic="stars.aligned").outcome == "parked: KeyError"
    assert Outbox.objects.exclude(outcome__startswith="told").count() == 1
    seen = client.get("/health/deadlines").json()
    assert (seen["untold"], "untold" in seen["wrong"]) == (1, True)


def test_who_left_is_told_nothing_and_their_misses_are_told_to_the_others() -> None:
    """Between the miss and the telling, and between the telling and the mail."""
    [first], [second] = make_due(1, database_now() - MINUTE), make_due(1, database_now() - MINUTE)
    clocks.sweep()
    leave(first)
    relay()
    leave(second)
    while mail.deliver():
        pass

    assert_each_missed_once([first, second])
    assert_each_told_once()
    assert not Notice.objects.filter(outbox__subject=first).exists()
    assert list(Delivery.objects.values_list("state", flat=True)) == ["cancelled"]


def leave(clock: int) -> None:
    person = Clock.objects.get(pk=clock).person
    person.is_active = False
    person.save()


def test_nobody_deletes_a_person_a_calendar_or_a_promise_that_clocks_count_by() -> None:
    [due] = make_due(1, database_now() - MINUTE)
    clock = Clock.objects.get(pk=due)

    for row in (clock.person, clock.commitment, clock.commitment.version, clock.team):
        with pytest.raises(ProtectedError):
            row.delete()
