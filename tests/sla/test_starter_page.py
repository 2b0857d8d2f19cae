"""The page of the starter contract: answers in, the draft shown, then written once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sla.models import Commitment, ContractVersion
from tests.accounts.people import make_person
from tests.factories import make_touch_kind
from tests.sla.makers import draft
from tests.sla.test_starter import ON

pytestmark = pytest.mark.django_db
PAGE = "/contract/start/"
SAID = {"cycle": "weeks", "reps": "few", "cover": "office"}


def signed_in(role: str = "operations") -> Client:
    client = Client()
    client.force_login(make_person(role=role))
    return client


def test_the_page_shows_the_draft_of_the_answeredand_writes_nothing() -> None:
    shown = signed_in().get(PAGE, SAID)

    assert "5 attempts in 5 days" in shown.content.decode()
    assert shown.context["on"] == sorted(set(ON) - {"attended"})
    assert ContractVersion.objects.exists() is False


def test_other_answeredkeep_what_was_ticked() -> None:
    shown = signed_in().get(PAGE, SAID | {"picked": "1", "on": ["volume", "raised"]})

    assert shown.context["on"] == ["raised", "volume"]


def test_the_draft_opens_in_the_editor_and_a_second_click_changes_nothing() -> None:
    client = signed_in()
    sent = SAID | {"picked": "1", "number": "1", "on": ["raised", "rest"]}

    answered = [client.post(PAGE, sent) for _ in range(2)]

    assert [answer["Location"] for answer in answered] == [reverse("sla:contract-edit", args=[1])] * 2
    assert [row.name for row in Commitment.objects.order_by("position")] == [
        "First response to a raised hand",
        "First response",
    ]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"cycle": "never"}, 422),
        ({"reps": ""}, 422),
        ({"number": "x"}, 422),
        ({"number": ""}, 409),
        ({"number": "7"}, 409),
        ({"on": []}, 422),
        ({"on": ["\x00"]}, 422),
        ({"picked": None}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(sent: dict[str, Any], status: int) -> None:
    said = SAID | {"picked": "1", "number": "1", "on": ["raised"]} | sent

    answer = signed_in().post(PAGE, {name: value for name, value in said.items() if value is not None})

    assert answer.status_code == status
    assert ContractVersion.objects.exists() is False


def test_the_page_says_that_a_draft_is_being_written_and_offers_no_second() -> None:
    version = draft()

    shown = signed_in().get(PAGE).content.decode()

    assert reverse("sla:contract-version", args=[version.number]) in shown
    assert "Save as draft" not in shown


@pytest.mark.parametrize(
    ("role", "status", "linked"), [("admin", 200, True), ("", 403, False), ("read_only", 403, False)]
)
def test_who_may_draft_finds_it_on_the_empty_contract_page(role: str, status: int, linked: bool) -> None:
    client = signed_in(role)

    assert (PAGE in client.get(reverse("sla:contract")).content.decode()) is linked
    assert client.get(PAGE).status_code == status


def test_without_a_kind_for_webinars_the_page_says_what_is_missing() -> None:
    client, said = signed_in(), "No tier for webinars and events."
    before = client.get(PAGE).content.decode()
    make_touch_kind("webinar")

    assert [said in page for page in (before, client.get(PAGE).content.decode())] == [True, False]
