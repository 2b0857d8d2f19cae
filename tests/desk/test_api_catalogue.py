"""The words that calls use: reasons, touch kinds, campaigns, read by every key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.services import keys
from leads.models import BriefVersion, Campaign, Reason, TouchKind
from tests.accounts.people import make_person
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> str:
    return keys.create(make_person(), scopes=["clocks:read"])[1]


def read(client: Client, name: str, secret: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{name}/", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, sorted(answer.json())) == (200, ["next", "previous", "results"])
    return list(answer.json()["results"])


def test_only_the_reasons_that_can_be_given_now_are_listed(client: Client, secret: str) -> None:
    for version in (1, 2):
        Reason.objects.create(
            verb="reject",
            key="spam",
            version=version,
            label="Spam",
            next_step="close",
            is_active=version == 2,
        )

    assert read(client, "reasons", secret) == [
        {
            "verb": "reject",
            "key": "spam",
            "version": 2,
            "group": "",
            "label": "Spam",
            "note_required": False,
            "next_step": "close",
            "counts_against": "nobody",
            "minimum_attempts": 0,
        }
    ]


def test_a_touch_kind_says_whether_it_is_a_hand_raise(client: Client, secret: str) -> None:
    TouchKind.objects.create(key="demo_request", label="Demo request", hand_raise=True)

    assert read(client, "touch-kinds", secret) == [
        {"key": "demo_request", "label": "Demo request", "hand_raise": True, "active": True}
    ]


def test_a_campaign_carries_its_latest_brief(client: Client, secret: str) -> None:
    campaign = Campaign.objects.create(name="Webinar", slug="webinar", spend="18400.50", created_at=NOON)
    for number in (1, 2):
        BriefVersion.objects.create(
            campaign=campaign, number=number, promise=f"Promise {number}", published_at=NOON
        )
    Campaign.objects.create(name="Search", slug="search", created_at=NOON)

    search, webinar = read(client, "campaigns", secret)

    assert (search["slug"], search["brief"], search["budget"]) == ("search", None, None)
    assert (webinar["spend"], webinar["brief"]["number"], webinar["brief"]["promise"]) == (
        18400.5,
        2,
        "Promise 2",
    )


@pytest.mark.parametrize("name", ["reasons", "touch-kinds", "campaigns"])
def test_a_list_costs_the_same_for_one_row_and_for_three(
    client: Client, name: str, secret: str, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in range(3):
        Reason.objects.create(verb="lose", key=f"r{number}", label=f"R{number}")
        TouchKind.objects.create(key=f"k{number}", label=f"K{number}")
        campaign = Campaign.objects.create(name=f"C{number}", slug=f"c{number}", created_at=NOON)
        BriefVersion.objects.create(campaign=campaign, number=1, promise="P", published_at=NOON)
        read(client, name, secret)  # notes the use of the key
        with django_assert_max_num_queries(100) as asked:
            read(client, name, secret)
        counts.append(len(asked))

    assert len(set(counts)) == 1
