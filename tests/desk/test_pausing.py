"""The dialog of a pause: only what the contract allows, what is left of the cap, and when it ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from desk.queries.timeline import timeline_of
from leads.models import Handoff
from leads.services import handoffs, pauses
from sla.services import pausing
from tests.clock import DatabaseClock
from tests.desk.acting import url
from tests.desk.world import HTMX, as_user
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_member, make_offer, make_reason, make_team
from tests.sla.makers import draft, promise, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(database_clock: DatabaseClock) -> tuple[User, Handoff]:
    """An offer at noon under a contract that allows 20 hours of pause for one of two reasons."""
    calendar = make_calendar()
    version = draft()
    version.pause_rules = {"reasons": ["buyer-away"], "cap_hours": 20}
    version.save(update_fields=["pause_rules"])
    promise(version, "answer", 4 * HOUR, calendar=calendar)
    sign(version)
    make_reason("pause", "buyer-away")
    make_reason("pause", "busy")
    team = make_team(calendar=calendar)
    rep = make_member(team, name="Tom Okafor")
    offered = make_offer(team, rep)
    database_clock.set(NOON)
    return rep, offered


def test_the_dialog_offers_what_the_contract_allows(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing

    page = as_user(rep).get(url(handoff, "pause"), **HTMX).content.decode()

    assert ('value="buyer-away"' in page, 'value="busy"' in page) == (True, False)
    assert re.search('value="buyer-away"[^>]* checked', page), "the only one is chosen"
    assert "20 h of 20 h" in page
    assert 'value="2026-06-04"' in page
    assert 'value="2026-06-06"' not in page, "a Saturday, and beyond the cap"
    assert "As long as allowed, Fri 5 Jun 16:00" in page


@pytest.mark.parametrize(
    "sent",
    [
        {"reason": "busy"},
        {"reason": "buyer-away", "ends": "2026-07-01"},
        {"reason": "buyer-away", "ends": "x"},
    ],
    ids=["reason", "beyond", "nonsense"],
)
def test_what_it_does_not_offer_is_refused(standing: tuple[User, Handoff], sent: dict[str, str]) -> None:
    rep, handoff = standing

    answer = as_user(rep).post(url(handoff, "pause"), sent)

    handoff.refresh_from_db()
    assert (answer.status_code, handoff.paused_at) == (422, None)


def test_a_day_of_the_dialog_ends_the_pause_there(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing

    as_user(rep).post(url(handoff, "pause"), {"reason": "buyer-away", "ends": "2026-06-04"})

    handoff.refresh_from_db()
    assert handoff.pause_ends_at == NOON + 12 * HOUR


def test_a_used_up_cap_is_said_in_the_dialog(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON - timedelta(days=7))
    pauses.end_due(NOON)

    page = as_user(rep).get(url(handoff, "pause")).content.decode()

    assert "Nothing is left of the 20 h" in page


def test_the_lead_says_until_when_it_stands(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON)

    page = as_user(rep).get(f"/leads/{handoff.lead.public_id}/").content.decode()

    assert re.search(r"run on by themselves on \w{3} \d+ \w{3}, \d\d:\d\d\.", page)


def test_the_timeline_says_who_paused_why_and_how_it_ended(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON)
    pauses.end_due(NOON + timedelta(days=9))

    told = [str(entry.sentence) for entry in timeline_of(handoff.lead)][:2]

    assert told == [
        "<b>Resumed</b> by itself, the pause was over",
        "<b>Paused</b> by <b>Tom Okafor</b>: Buyer away",
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("company-unclear", "Company unclear"), ("", "company")],
    ids=["with-a-reason", "without"],
)
def test_a_return_says_once_what_is_missing(
    standing: tuple[User, Handoff], reason: str, sentence: str
) -> None:
    rep, handoff = standing
    make_reason("return", "company-unclear")

    handoffs.return_for_info(handoff, by=rep, reason=reason, missing=["lead.company"], at=NOON + MINUTE)

    told = str(timeline_of(handoff.lead)[0].sentence)
    assert told == f"<b>Returned</b> for info by <b>Tom Okafor</b>: {sentence}"


def test_rounds_of_rework_are_counted_beside_the_clocks(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    marketer = make_member(make_team(function="demand"), "marketing")
    for hour in (0, 1):
        handoffs.return_for_info(handoff, by=rep, missing=["phone"], at=NOON + hour * HOUR)
        handoffs.resupply(handoff, by=marketer, at=NOON + hour * HOUR + 30 * MINUTE)

    page = as_user(rep).get(f"/leads/{handoff.lead.public_id}/").content.decode()

    assert "2 rounds" in page


def test_who_may_resume_is_offered_it_where_the_pause_stands(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON)
    there = reverse("desk:lead", args=[handoff.lead.public_id])

    pages = [as_user(person).get(there).content.decode() for person in (rep, make_member(make_team()))]

    assert ["Resume now" in page for page in pages] == [True, False]


def test_who_resumes_too_late_is_told_by_whom_it_runs_already(standing: tuple[User, Handoff]) -> None:
    rep, handoff = standing
    manager = make_member(handoff.team, "sales_manager", name="Dana Whitfield")
    never = as_user(rep).post(url(handoff, "resume"), **HTMX).content.decode()
    pausing.pause(handoff, by=rep, reason="buyer-away", at=NOON)
    pauses.resume(handoff, by=manager, at=NOON)

    late = as_user(rep).post(url(handoff, "resume"), **HTMX).content.decode()

    assert "<p>This lead is not paused.</p>" in never, "whoever offered it has nothing to do with that"
    assert "Dana Whitfield resumed at 12:00." in late
