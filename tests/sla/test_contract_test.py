"""Test a lead: the rule of each kind that wins, why, and when it would be due. Nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import LeadEvent
from sla.models import Clock, ContractVersion
from sla.services.trying import Question, Tried, answers
from tests.factories import (
    HOUR,
    make_calendar,
    make_company,
    make_lead,
    make_member,
    make_person,
    make_team,
    make_touch_kind,
)
from tests.sla.makers import draft, make_contract, promise, sign

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 6, 5, 16, 30, tzinfo=UTC)
NAMED = {"fact": "company.tier", "op": "eq", "value": "named"}
RAISED = {"fact": "handoff.hand_raise", "op": "eq", "value": True}


@pytest.fixture
def version() -> ContractVersion:
    """Raised hands in half an hour, named accounts in two hours, everybody else in four."""
    found = draft()
    calendar = make_calendar()
    for target, segment in ((HOUR / 2, RAISED), (2 * HOUR, NAMED), (4 * HOUR, {"all": []})):
        promise(found, "answer", target, segment=segment, calendar=calendar)
    promise(found, "take", HOUR, out_of_hours=2 * HOUR, calendar=calendar)
    return sign(found)


def answer(version: ContractVersion, kind: str = "answer", **asked: Any) -> Any:
    return next(one for one in answers(version, Question(**{"at": FRIDAY} | asked)) if one.kind == kind)


def test_the_first_rule_that_fits_wins_and_every_other_says_why_not(version):
    lead = make_lead(company=make_company(tier="named"))

    assert answer(version, lead=lead).tried == (
        Tried(1, "answer 0", "30 m", False, "The buyer raised a hand: yes: not met, seen no"),
        Tried(2, "answer 1", "2 h", True, "Company tier is Named: met, seen named"),
        Tried(3, "answer 2", "4 h", None, "Not reached"),
    )


def test_the_due_time_is_business_time(version):
    due = datetime(2026, 6, 8, 12, 30, tzinfo=UTC)  # golden case (a) with four hours

    assert (answer(version).due_at, answer(version).target) == (due, "4 h")


def test_a_start_out_of_hours_has_its_own_target(version):
    saturday = datetime(2026, 6, 6, 12, tzinfo=UTC)

    assert answer(version, "take", at=saturday).target == "2 h out of hours"


def test_what_caused_the_offer_counts(version):
    raised = make_touch_kind("demo_request", hand_raise=True)

    assert answer(version, trigger=raised).won.place == 1


def test_typed_facts_count_without_a_lead_and_over_one(version):
    lead = make_lead(company=make_company(tier="other"))
    typed = {"company.tier": "named"}

    assert [answer(version, typed=typed).won.place, answer(version, lead=lead, typed=typed).won.place] == [
        2,
        2,
    ]


def test_no_rule_fits_says_so():
    version = draft()
    promise(version, "answer", HOUR, segment=RAISED)

    found = answer(version)

    assert (found.won, found.due_at) == (None, None)


def shown(**asked: str) -> Any:
    client = Client()
    client.force_login(make_person(role="read_only"))
    return client.get(reverse("sla:contract-test"), asked)


def test_everyone_tests_a_lead_and_nothing_is_written(version):
    make_lead(
        email="maren@example.com", first_name="Maren", last_name="Solberg", company=make_company(tier="named")
    )
    at = "2026-06-05T16:30"

    pages = [shown(lead=said, at=at) for said in ("Maren Solberg", "maren@example.com")]

    assert [page.context["started"][0].won.place for page in pages] == [2, 2]
    assert (Clock.objects.exists(), LeadEvent.objects.exists()) == (False, False)


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"lead": "Nobody"}, "lead"), ({"at": "soon"}, "at"), ({"at": "0001-01-01"}, "at"),
     ({"at": "9999-12-31T23:59"}, "at"), ({"facts": "no.fact = 1"}, "facts"),
     ({"facts": "company.employees = many"}, "facts"), ({"team": "x"}, "team"), ({"lead": "Twin One"}, "lead")],
)  # fmt: skip
def test_what_makes_no_sense_stands_at_its_field(version, asked, field):
    for _ in range(2):
        make_lead(first_name="Twin", last_name="One")

    page = shown(**{"at": "2026-06-05T16:30"} | asked)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_a_draft_can_be_tested_and_a_superseded_version_cannot(version):
    promise(draft(), "answer", 9 * HOUR)

    assert shown(version="2").context["started"][0].target == "9 h"
    assert shown(version="7").status_code == 404


def test_without_a_contract_the_page_says_so():
    assert "No contract to test" in shown().content.decode()


def test_the_hours_of_the_team_count():
    team = make_team(calendar=make_calendar())
    make_member(team, "rep")
    version = draft()
    promise(version, "answer", HOUR, calendar_choice="team")

    assert answer(version, team=team).due_at == datetime(2026, 6, 8, 9, 30, tzinfo=UTC)


def test_an_offer_made_now_to_the_first_sales_team_is_shown_at_once(version):
    make_team("Demand", function="demand")
    team = make_team("Enterprise")

    form = shown().context["form"]

    assert (form["team"].value(), [label for _, label in form.fields["team"].choices]) == (
        str(team.public_id),
        ["None", "Enterprise"],
    )


def test_the_version_in_force_is_tested_unless_another_is_named():
    make_contract(answer=HOUR)

    assert shown().context["version"].number == 1
