"""Where people read the ladder: the list of breaches, the clocks of a lead, the contract."""

from __future__ import annotations

import csv

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.services import keys
from leads.models import Deal, DealLead, Handoff
from sla.models import Breach, Clock
from sla.queries.rungs import ladders_of
from sla.queries.timeline import timelines
from sla.services import clocks
from tests.factories import HOUR, MINUTE, NOON, make_member, make_offer, make_team
from tests.sla.makers import clock_of, draft, promise, sign

pytestmark = pytest.mark.django_db
DUE = NOON + HOUR
LADDER = [
    {"after": "1h", "to": "sales_manager"},
    {"after": "2h", "do": "reassign"},
    {"after": "9h", "do": "pool"},
]


@pytest.fixture(autouse=True)
def _noon(database_clock):
    database_clock.set(NOON)


def agree(ladder=LADDER) -> None:
    version = draft()
    promise(version, "answer", HOUR, ladder=ladder)
    sign(version)


def late() -> Handoff:
    team = make_team(routing="round_robin")
    holder, _ = make_member(team), make_member(team, name="Joana Reis")
    return make_offer(team, holder)


def page(person: User, url: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(url).content.decode()


def clocks_page(handoff: Handoff) -> str:
    return page(handoff.holder, reverse("desk:lead-clocks", args=[handoff.lead.public_id]))


def test_the_breaches_show_the_step_reached_and_the_next(database_clock):
    agree()
    handoff = late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()

    text = page(handoff.holder, reverse("sla:breaches"))

    assert "1 of 3: Told the sales manager" in text
    assert "Next: to the next person" in text


def test_the_breaches_show_what_is_at_stake(database_clock):
    agree([])
    handoff = late()
    deal = Deal.objects.create(name="Ballast meters", currency="EUR", amount=84_000, opened_at=NOON)
    DealLead.objects.create(deal=deal, handoff=handoff, part="sourced", joined_at=NOON)
    database_clock.set(DUE + MINUTE)
    clocks.sweep()

    text = page(handoff.holder, reverse("sla:breaches"))

    assert "€84k" in text
    assert reverse("desk:deal", args=[deal.public_id]) in text


def test_a_parked_ladder_says_why_on_the_breaches(database_clock):
    agree("spoilt")
    handoff = late()
    database_clock.set(DUE + MINUTE)
    clocks.sweep()

    assert "CriteriaError" in page(handoff.holder, reverse("sla:breaches"))


def test_more_breaches_cost_no_more_queries(database_clock):
    agree()
    handoff = late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()
    client = Client()
    client.force_login(handoff.holder)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("sla:breaches"))
    database_clock.set(NOON)
    for _ in range(3):
        late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()

    with CaptureQueriesContext(connection) as four:
        client.get(reverse("sla:breaches"))

    assert (len(four), Breach.objects.count()) == (len(one), 4)


def test_the_clocks_of_a_lead_tell_the_steps_and_what_comes_next(database_clock):
    agree()
    handoff = late()
    database_clock.set(DUE + 2 * HOUR + MINUTE)
    clocks.sweep()

    text = clocks_page(handoff)

    assert "Told the sales manager, silently: a later step was due too" in text
    assert "Given to Joana Reis" in text
    assert "Next: back to the pool" in text


def test_a_step_ahead_says_what_will_have_been_used_by_then(database_clock):
    agree()
    handoff = late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()
    answer = clock_of(handoff, "answer").public_id

    [found] = timelines([answer], at=DUE + HOUR).values()

    steps = [(moment.used, moment.ahead) for moment in found.moments if moment.at > DUE]
    assert steps == [(2 * HOUR, False), (3 * HOUR, True), (10 * HOUR, True)]


def test_an_answered_miss_has_no_step_ahead(database_clock):
    agree()
    handoff = late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()
    Clock.objects.filter(pk=clock_of(handoff, "answer").pk).update(
        ended_at=DUE + HOUR, satisfied_at=DUE + HOUR, running_since=None
    )

    text = clocks_page(handoff)

    assert ("Told the sales manager" in text, "Next:" in text) == (True, False)


def test_a_step_that_failed_says_so_in_the_log(database_clock):
    agree([{"after": "1h", "do": "reassign"}])
    team = make_team()
    handoff = make_offer(team, make_member(team))
    database_clock.set(DUE + HOUR)
    clocks.sweep()

    assert "Not given to anybody else" in clocks_page(handoff)


def test_the_contract_shows_the_ladder_of_every_promise():
    version = draft()
    promise(version, "answer", HOUR, ladder=LADDER)
    promise(version, "first_response", HOUR, ladder=[{"after": "30m", "do": "takeover"}])
    promise(version, "take", HOUR)
    sign(version)

    text = page(make_member(make_team()), reverse("sla:contract"))

    assert text.count('<ol class="ladder mt">') == 2
    for words in ("Tell the sales manager", "Goes to the next person", "Anyone of the team may claim it"):
        assert words in text
    assert "After a miss: +1 h tell the sales manager" in text


def test_warnings_that_a_promise_names_are_read_on_the_contract_though_nothing_follows_a_miss():
    version = draft()
    promise(version, "answer", HOUR, ladder=LADDER)
    promise(version, "take", 10 * HOUR, warnings=[30])
    sign(version)

    text = page(make_member(make_team()), reverse("sla:contract"))

    assert "After 3 h" in text
    assert "take 0, 10 h" in text


def test_a_promise_that_is_judged_by_the_period_has_no_ladder():
    """A brief names a target, but no clock runs for it: nobody is warned, and nothing is missed at its end."""
    version = draft()
    promise(version, "brief", 40 * HOUR)
    promise(version, "handover", HOUR)

    assert [ladder.name for ladder in ladders_of(version)] == ["handover 0, 1 h"]


def test_a_contract_whose_ladder_cannot_be_read_is_shown_without_it():
    """F31."""
    agree("spoilt")

    assert "Breach, dated at the due time" in page(make_member(make_team()), reverse("sla:contract"))


def climbed(database_clock) -> Breach:
    """Told at its first rung, given to somebody else at its second; the third is to come."""
    agree()
    late()
    database_clock.set(DUE + HOUR)
    clocks.sweep()
    database_clock.set(DUE + 2 * HOUR)
    clocks.sweep()
    return Breach.objects.get()


def test_the_file_of_breaches_names_each_rung(database_clock):
    breach = climbed(database_clock)
    client = Client()
    client.force_login(make_member(make_team()))
    lines = b"".join(client.get(reverse("sla:breaches-csv")).streaming_content).decode().splitlines()

    [row] = csv.DictReader(lines)

    given = breach.escalations.get(rung=2).person
    told, moved = (DUE + HOUR).isoformat(), (DUE + 2 * HOUR).isoformat()
    assert (row["rungs"], row["ladder"], row["next_rung_at"]) == (
        "2",
        f"1 {told} notify sales_manager; 2 {moved} reassign {given.email}",
        (DUE + 9 * HOUR).isoformat(),
    )


def test_programs_read_each_rung_of_a_breach(database_clock):
    breach = climbed(database_clock)
    _, token = keys.create(make_member(make_team()), scopes=["breaches:read"], name="Reports")

    answer = Client().get("/api/v1/breaches/", headers={"Authorization": f"Bearer {token}"}).json()

    [told], given = answer["results"][0]["ladder"][:1], breach.escalations.get(rung=2).person
    assert told == {
        "rung": 1, "do": "notify", "to": "sales_manager", "at": f"{DUE + HOUR:%Y-%m-%dT%H:%M:%S}Z",
        "detected_at": f"{DUE + HOUR:%Y-%m-%dT%H:%M:%S}Z", "silent": False, "done": True, "why": "", "person": None,
    }  # fmt: skip
    assert answer["results"][0]["ladder"][1]["person"] == given.email
    assert answer["results"][0]["next_rung_at"] == f"{DUE + 9 * HOUR:%Y-%m-%dT%H:%M:%S}Z"
