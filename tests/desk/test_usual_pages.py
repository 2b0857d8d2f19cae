"""The settings pages that offer to start with the usual reasons and touch kinds while there are none."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leads.engine.usual import REASONS, TOUCH_KINDS
from leads.models import Reason, TouchKind
from tests.accounts.people import make_person

pytestmark = pytest.mark.django_db
LISTS = ["reasons", "touch-kinds"]
HEADING = "Start with the usual ones"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_person(role="admin"))
    return client


def page(client: Client, name: str, query: str = "") -> str:
    return client.get(reverse(f"desk:settings-{name}") + query).content.decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("role", "offered"), [("admin", True), ("operations", True), ("read_only", False)])
def test_an_empty_list_offers_them_to_who_configures(
    name: str, role: str, offered: bool, client: Client
) -> None:
    client.force_login(make_person(role=role))

    answer = page(client, name)

    label = "Data is missing" if name == "reasons" else "Demo request"
    whose = "operations or an admin adds them here" in answer.lower()
    assert (HEADING in answer, label in answer, whose) == (offered, offered, not offered)


@pytest.mark.parametrize(
    ("name", "model", "count"),
    [("reasons", Reason, len(REASONS)), ("touch-kinds", TouchKind, len(TOUCH_KINDS))],
)
def test_clicking_twice_adds_them_once_and_says_so(
    name: str, model: type[Reason | TouchKind], count: int, admin: Client
) -> None:
    address = reverse(f"desk:settings-{name}-usual")

    said = [next(iter(admin.post(address, follow=True).context["messages"])).message for _ in range(2)]

    assert model.objects.count() == count
    assert ("usual" in said[0], "Nothing was added." in said[1]) == (True, True)
    assert HEADING not in page(admin, name)


def test_a_verb_without_reasons_offers_those_of_all_such_verbs(admin: Client) -> None:
    Reason.objects.create(verb="reject", key="spam", label="Spam", next_step="close")

    assert HEADING not in page(admin, "reasons")
    redirect = page(admin, "reasons", "?verb=redirect")
    assert (
        "Another region" in redirect,
        "The buyer is away" in redirect,
        "Has an open deal" in redirect,
    ) == (
        True,
        True,
        False,
    )


def test_adding_them_leads_back_to_the_verb(admin: Client) -> None:
    answer = admin.post(reverse("desk:settings-reasons-usual"), {"verb": "pause"})

    assert answer["Location"] == "/settings/reasons/?verb=pause"
    assert admin.post(reverse("desk:settings-reasons-usual"), {"verb": "accept"}).status_code == 404


def test_setting_up_leads_to_what_is_missing(admin: Client) -> None:
    Reason.objects.create(verb="reject", key="spam", label="Spam", next_step="close")
    before = page(admin, "setup")
    for name in LISTS:
        admin.post(reverse(f"desk:settings-{name}-usual"))

    after = page(admin, "setup")

    assert ("/settings/reasons/?verb=return" in before, "/settings/touch-kinds/" in before) == (True, True)
    assert ("None yet for Return for info, Redirect" in before, "None yet for" in after) == (True, False)
    assert f"{len(TOUCH_KINDS)} kinds, 4 of them hand raises" in after


def test_a_reason_to_set_aside_says_where_the_lead_goes(admin: Client) -> None:
    admin.post(reverse("desk:settings-reasons-usual"))
    address = reverse("desk:settings-reason", args=["set_aside", "no_fit"])
    fields = {"label": "Does not fit", "counts_against": "nobody", "position": "1"}

    refused = [admin.post(address, fields | {"next_step": step}).status_code for step in ("", "fix")]
    admin.post(address, fields | {"next_step": "nurture"})

    assert refused == [422, 422]
    assert Reason.objects.get(key="no_fit", is_active=True).next_step == "nurture"


def test_setting_up_offers_no_usual_kinds_where_all_that_there_are_were_retired(admin: Client) -> None:
    TouchKind.objects.create(key="fax", label="Fax", is_active=False)

    assert "What buyers do. None is in use" in page(admin, "setup")
    assert HEADING not in page(admin, "touch-kinds")
