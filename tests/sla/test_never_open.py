"""Hours that never open again: every act that would count by them is refused in words, and nothing is lost (rule 5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from calendars import services
from calendars.models import Calendar, CalendarVersion
from common.refusals import Invalid
from leads.models import Handoff, Lead
from leads.services import handoffs, leads
from sla.models import Clock
from sla.queries.contracts import contract_in_force
from sla.services import contests, pausing
from tests.api.callers import Caller
from tests.clock import DatabaseClock
from tests.desk.acting import url
from tests.desk.world import HTMX, as_user
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_definition,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_reason,
    make_team,
)
from tests.sla.makers import draft, make_contract, promise, sign

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 8)
# A rota that nobody has planned any further: four hours on Thursday, and never again.
LAST_SHIFT = {"tz": "UTC", "hours": {}, "shifts": {"2026-06-04": [["09:00", "13:00"]]}}
OVER = {"tz": "UTC", "hours": {}, "shifts": {"2020-01-01": [["09:00", "10:00"]]}}


def never_opens(calendar: Calendar) -> None:
    CalendarVersion.objects.filter(calendar=calendar).update(rules=OVER)


def handover_of_norway() -> Calendar:
    """The hours in which a contract, now in force, owes the leads of Norway an offer."""
    make_definition()
    calendar, version = make_calendar(), draft()
    of_norway = {"fact": "lead.country", "op": "eq", "value": "NO"}
    promise(version, "handover", HOUR, calendar=calendar, segment=of_norway)
    sign(version)
    return calendar


@pytest.fixture
def rota(database_clock: DatabaseClock) -> tuple[User, Handoff]:
    """An offer due within the last shift, under a contract that allows 20 hours of pause."""
    calendar = make_calendar()
    CalendarVersion.objects.filter(calendar=calendar).update(rules=LAST_SHIFT)
    version = draft()
    version.pause_rules = {"cap_hours": 20}
    version.save(update_fields=["pause_rules"])
    promise(version, "answer", 2 * HOUR, calendar=calendar)
    sign(version)
    make_reason("pause", "buyer-away")
    team = make_team(calendar=calendar)
    rep = make_member(team)
    database_clock.set(NOON)
    return rep, make_offer(team, rep)


def test_a_pause_that_no_open_time_would_end_wants_a_day(rota: tuple[User, Handoff]) -> None:
    rep, handoff = rota

    with pytest.raises(Invalid) as refused:
        pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON)
    paused = pausing.pause(handoff, by=rep, reason="buyer-away", until=MONDAY, at=NOON)

    assert list(refused.value.errors) == ["until"]
    assert paused.pause_ends_at == datetime(2026, 6, 8, tzinfo=UTC)


def test_its_dialog_offers_days_and_no_end_by_the_cap(rota: tuple[User, Handoff]) -> None:
    rep, handoff = rota
    client = as_user(rep)

    page = client.get(url(handoff, "pause"), **HTMX).content.decode()
    answer = client.post(url(handoff, "pause"), {"reason": "buyer-away", "ends": ""}, **HTMX)

    assert ('value="date"' in page, "As long as allowed" in page) == (True, False)
    assert (answer.status_code, "Choose a day" in answer.content.decode()) == (422, True)
    handoff.refresh_from_db()
    assert handoff.paused_at is None


def test_resuming_into_closed_time_is_refused_and_the_pause_stays(rota: tuple[User, Handoff]) -> None:
    rep, handoff = rota
    pausing.pause(handoff, by=rep, reason="buyer-away", until=date(2026, 6, 20), at=NOON)

    with pytest.raises(Invalid, match="no open time"):
        handoffs.resume(handoff, by=rep, at=NOON + timedelta(days=9))

    handoff.refresh_from_db()
    assert handoff.paused_at == NOON
    assert Clock.objects.get(kind="answer").status == "paused"


@pytest.fixture
def closed(database_clock: DatabaseClock) -> tuple[Calendar, Caller]:
    """A contract whose hours are over for good, and a program of marketing."""
    database_clock.set(NOON)
    calendar = make_calendar()
    make_contract(calendar=calendar)
    never_opens(calendar)
    return calendar, Caller(make_marketer())


def test_an_offer_is_refused_in_words_by_page_and_api(closed: tuple[Calendar, Caller]) -> None:
    calendar, caller = closed
    team = make_team(calendar=calendar)
    make_member(team)
    lead = make_mql()

    answer = caller.post("handoffs/", {"lead": str(lead.public_id), "team": team.name})
    page = as_user(caller.person).post(
        reverse("desk:lead-offer", args=[lead.public_id]), {"to": f"team:{team.public_id}"}, **HTMX
    )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "")
    assert (page.status_code, "no open time" in page.content.decode()) == (422, True)
    assert Handoff.objects.count() == 0


def test_an_answer_that_would_start_other_clocks_is_refused(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)
    calendar = make_calendar()
    version = draft()
    promise(version, "disposition", 8 * HOUR, calendar=calendar)
    sign(version)
    rep = make_member(make_team(calendar=calendar))
    handoff = make_offer(rep.memberships.get().team, rep)
    never_opens(calendar)

    answer = as_user(rep).post(url(handoff, "accept"), **HTMX)

    handoff.refresh_from_db()
    assert (answer.status_code, handoff.status) == (422, "offered")
    assert "no open time" in answer.content.decode()


def test_marketing_whose_hours_are_over_contests_by_all_days(database_clock: DatabaseClock) -> None:
    calendar = make_calendar()
    make_member(make_team("Demand", function="demand", calendar=calendar), "marketing")
    never_opens(calendar)

    assert contests.open_until(NOON) == datetime(2026, 6, 9, tzinfo=UTC)


def test_a_lead_tested_against_such_hours_is_told_so(closed: tuple[Calendar, Caller]) -> None:
    assert contract_in_force(NOON) is not None

    page = as_user(closed[1].person).get(reverse("sla:contract-test"))

    assert (page.status_code, "Never: no open time" in page.content.decode()) == (200, True)


def test_a_calendar_cannot_be_changed_to_one_that_never_opens_again(database_clock: DatabaseClock) -> None:
    database_clock.set(NOON)
    calendar = make_calendar()

    with pytest.raises(Invalid) as refused:
        services.revise(calendar, OVER, by=make_person().pk)

    assert list(refused.value.errors) == ["hours"]
    assert calendar.versions.count() == 1


def test_a_lead_that_cannot_be_woken_stops_no_other(database_clock: DatabaseClock) -> None:
    """R20: the handover clock of the first would count by such hours; the second is due in all hours."""
    database_clock.set(NOON)
    never_opens(handover_of_norway())
    stuck, free = (make_lead("recycled", country=country, wake_at=NOON - HOUR) for country in ("NO", "DE"))

    assert (leads.wake_due(), leads.wake_due()) == (1, 0)

    stages = Lead.objects.in_bulk([stuck.pk, free.pk])
    assert [stages[lead.pk].stage for lead in (stuck, free)] == ["recycled", "marketing_qualified"]


def test_many_leads_that_cannot_be_woken_stop_no_later_one(
    database_clock: DatabaseClock, caplog: pytest.LogCaptureFixture
) -> None:
    """R20: more than are read at once, also at one moment; the log says it once."""
    database_clock.set(NOON)
    never_opens(handover_of_norway())
    stuck = [make_lead("recycled", country="NO", wake_at=NOON - 2 * HOUR) for _ in range(5)]
    free = make_lead("recycled", country="DE", wake_at=NOON - HOUR)

    assert leads.wake_due(batch=2) == 1

    free.refresh_from_db()
    assert free.stage == "marketing_qualified"
    assert [record.getMessage().partition(", first")[0] for record in caplog.records] == [
        f"{len(stuck)} leads could not be woken"
    ]


def test_an_import_of_events_says_why_it_cannot_be_done(
    closed: tuple[Calendar, Caller], tmp_path: Path
) -> None:
    lead = make_lead(email="maren@nordhavn.example")
    lead.external_ids.create(system="import", kind="lead", value="c-1")
    team = make_team(calendar=closed[0])
    file = tmp_path / "events.csv"
    file.write_text(f"lead_external_id,event,at,team\nc-1,offered,2026-06-03T09:00:00Z,{team.name}\n")

    with pytest.raises(CommandError, match="no open time"):
        call_command("import_history", str(file), "--kind", "events")

    assert Handoff.objects.count() == 0
