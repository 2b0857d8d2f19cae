"""What pages say while an installation is young: where to begin, what has no promise yet, how a lead came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.queries.lead import lead_view
from leads.models import Touch
from tests.accounts.people import make_member, make_person, make_team
from tests.desk.world import as_user
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_handoff,
    make_lead,
    make_marketer,
    make_qualification,
    make_touch_kind,
)
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db


def standing(person: Any) -> Any:
    from accounts.queries import standing_of

    return standing_of(person)


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("admin", "desk:settings-setup", "dashboards:dashboard"),
        ("operations", "desk:settings-setup", "desk:queue"),
        ("read_only", "dashboards:dashboard", "dashboards:dashboard"),
    ],
)
def test_who_sets_it_up_is_led_to_the_steps_until_a_contract_is_signed(
    role: str, before: str, after: str
) -> None:
    client = as_user(make_person(role=role))

    assert client.get("/").headers["Location"] == reverse(before)
    make_contract()
    assert client.get("/").headers["Location"] == reverse(after)


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ({"answer": HOUR}, ""),
        ({"follow_up": HOUR}, "Follow-up"),
        ({"follow_up": HOUR, "disposition": HOUR}, "Follow-up, outcome"),
    ],
)
def test_only_what_the_contract_promises_is_to_start_on_accept(
    targets: dict[str, timedelta], said: str
) -> None:
    make_contract(**targets)

    view = lead_view(make_handoff().lead, standing(make_marketer()), at=NOON)

    assert view.later == said


def test_a_raised_hand_says_which_though_no_criterion_speaks_for_the_lead() -> None:
    lead = make_lead(stage="marketing_qualified")
    kind = make_touch_kind("demo_request", hand_raise=True)
    touch = Touch.objects.create(lead=lead, kind=kind, at=NOON, recorded_at=NOON)
    raised = make_qualification(lead, basis="hand_raise", trigger=touch)
    raised.findings.create(
        position=0, path="/all/0", wording="Company has at least 50 employees", met=False, helps=False
    )

    page = as_user(make_marketer()).get(f"/leads/{lead.public_id}/").content.decode()

    assert "Hand raise: Demo request" in page


def test_a_lead_without_clocks_says_why() -> None:
    marketer, lead = standing(make_marketer()), make_lead()
    said = [lead_view(lead, marketer, at=NOON).unclocked]
    make_qualification(lead)
    said.append(lead_view(lead, marketer, at=NOON).unclocked)
    make_contract(answer=HOUR)
    said.append(lead_view(lead, marketer, at=NOON).unclocked)

    assert said == [
        "None yet: clocks start when it becomes an MQL.",
        "No contract is in force, so nothing is timed.",
        "No promise of the contract applies.",
    ]


def test_an_empty_list_of_mqls_says_how_leads_come_into_it() -> None:
    page = as_user(make_marketer()).get("/leads/?view=offer").content.decode()

    assert "Leads that meet the MQL definition wait here." in page


def test_a_period_without_a_contract_leads_to_the_contract() -> None:
    note = as_user(make_person()).get("/dashboard/").content.decode().split("No contract was in force.")[1]

    assert f'href="{reverse("sla:contract")}"' in note[:300]


def test_where_there_is_one_calendar_a_new_team_works_by_it(client: Client) -> None:
    client.force_login(make_person(role="admin"))
    only = make_calendar()

    one = client.get(reverse("accounts:team-new")).context["form"].initial["calendar"]
    make_calendar()
    two = client.get(reverse("accounts:team-new")).context["form"].initial["calendar"]

    assert (one, two) == (only, None)


def test_a_team_of_marketing_is_not_said_to_close_deals(client: Client) -> None:
    client.force_login(make_person(role="admin"))
    teams = [make_team(function=function) for function in ("demand", "sales")]
    for team in teams:
        make_member(team)

    pages = [client.get(reverse("accounts:team", args=[team.public_id])).content.decode() for team in teams]

    assert [", full cycle</span>" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("backend", "said"),
    [("console", "copy the link from logs/worker.log"), ("smtp", "The mail is on its way.")],
)
def test_inviting_says_where_the_link_is(backend: str, said: str, client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    client.force_login(make_person(role="admin"))
    sent = {"email": "lena@example.com", "name": "Lena Vogt"}

    answer = client.post(reverse("accounts:person-invite"), sent, follow=True)

    assert said in answer.content.decode()


def test_what_is_to_start_on_accept_costs_one_small_question(django_assert_num_queries: Any) -> None:
    make_contract(follow_up=HOUR)
    view = lead_view(make_handoff().lead, standing(make_marketer()), at=NOON)
    assert view.later == "Follow-up"

    with django_assert_num_queries(1):
        assert view.later == "Follow-up"
