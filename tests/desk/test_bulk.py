"""One act on the leads that are ticked in the queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import Handoff, Lead
from tests.desk.world import as_user
from tests.factories import HOUR, make_campaign, make_member, make_mql, make_offer, make_reason, make_team
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marketer: User) -> Client:
    return as_user(marketer)


def bulk(client: Client, act: str, leads: list[Lead], **more: Any) -> Any:
    return client.post(
        reverse("desk:bulk", args=[act]), {"pick": [str(lead.public_id) for lead in leads], **more}
    )


def test_many_leads_are_offered_at_once(client: Client) -> None:
    team, leads = make_team("Bergen"), [make_mql() for _ in range(3)]

    answer = bulk(client, "offer", leads, to=f"team:{team.public_id}")

    assert answer.status_code == 302
    assert list(Handoff.objects.values_list("team__name", "status")) == [("Bergen", "offered")] * 3


def test_what_is_refused_is_listed_and_the_rest_is_done(client: Client) -> None:
    team, free, taken = make_team(), make_mql(), make_mql(last_name="Taken")
    make_offer(lead=taken)

    answer = bulk(client, "offer", [free, taken], to=f"team:{team.public_id}")

    page = answer.content.decode()
    assert (answer.status_code, "1 of 2 offered." in page, "Taken" in page) == (422, True, True)
    assert Handoff.objects.filter(lead=free).count() == 1
    assert Handoff.objects.filter(lead=taken).count() == 1


def test_one_id_that_is_none_changes_nothing_i01(client: Client) -> None:
    lead = make_mql()
    picks = [str(lead.public_id), "00000000-0000-4000-8000-000000000000"]

    answer = client.post(reverse("desk:bulk", args=["offer"]), {"pick": picks, "to": "routing"})

    assert (answer.status_code, Handoff.objects.count()) == (404, 0)


@pytest.mark.parametrize("act", ["offer", "set-aside", "withdraw", "campaign"])
def test_who_is_not_marketing_changes_nothing_i01(act: str) -> None:
    client = Client()
    client.force_login(make_member(make_team(), "rep"))
    leads = [make_mql()]

    answer = bulk(client, act, leads, to="routing", reason="x", campaign="x")

    assert (answer.status_code, Handoff.objects.count()) == (403, 0)


def test_the_whole_list_can_be_chosen(client: Client) -> None:
    make_team("Bergen")
    for _ in range(3):
        make_mql(source="A", source_key="a")
    make_mql(source="B", source_key="b")

    body = {"whole": "1", "list": "view=offer&source=a", "to": "routing"}
    answer = client.post(reverse("desk:bulk", args=["offer"]), body)

    assert (answer.status_code, Handoff.objects.count()) == (302, 3)


def test_other_acts_on_many(client: Client) -> None:
    make_reason("set_aside", "old", next_step="nurture")
    campaign, leads = make_campaign("Autumn"), [make_mql(), make_mql()]
    offered = [make_offer().lead]

    answers = [
        bulk(client, "campaign", leads, campaign=campaign.slug),
        bulk(client, "set-aside", leads, reason="old"),
        bulk(client, "withdraw", offered),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert {(lead.campaign, lead.stage) for lead in Lead.objects.filter(pk__in=[x.pk for x in leads])} == {
        (campaign, "recycled")
    }
    assert Handoff.objects.get().status == "withdrawn"


def test_a_bulk_dialog_keeps_what_was_ticked(client: Client) -> None:
    lead = make_mql()

    page = client.get(f"{reverse('desk:bulk', args=['offer'])}?pick={lead.public_id}").content.decode()

    assert f'name="pick" value="{lead.public_id}"' in page


@pytest.mark.parametrize(
    ("act", "clocks"),
    [("offer", "Ends handover. Starts answer."), ("withdraw", "Cancels answer. Starts handover again."),
     ("set-aside", "Cancels handover."), ("campaign", "It takes the place of the campaign that they had.")],
)  # fmt: skip
def test_a_bulk_dialog_says_what_the_clocks_do(client: Client, act: str, clocks: str) -> None:
    make_contract(handover=HOUR, answer=HOUR)
    page = client.get(f"{reverse('desk:bulk', args=[act])}?pick={make_mql().public_id}").content.decode()

    assert clocks in page


def test_nothing_ticked_is_said(client: Client) -> None:
    assert client.get(reverse("desk:bulk", args=["offer"])).status_code == 422
    assert client.get(reverse("desk:bulk", args=["dance"])).status_code == 404
