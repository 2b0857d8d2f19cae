"""What is wrong with a lead is said at once, at each field, and not one thing after the other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leads.models import Lead
from tests.factories import make_field, make_lead, make_marketer

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client: Client) -> Client:
    client.force_login(make_marketer())
    return client


def wrong(page: str, *names: str) -> list[str]:
    return [name for name in names if f'id="id_{name}_error"' in page]


def test_a_new_lead_with_several_wrong_fields_names_them_all(marketer: Client) -> None:
    said = {"email": "nobody", "employees": "many", "company_domain": "no domain", "campaign": "none-such"}

    answer = marketer.post(reverse("desk:lead-new"), said)

    assert answer.status_code == 422
    assert wrong(answer.content.decode(), *said) == list(said)
    assert not Lead.objects.exists()


def test_a_new_lead_without_an_address_still_hears_of_the_rest(marketer: Client) -> None:
    answer = marketer.post(reverse("desk:lead-new"), {"email": "", "company_domain": "no domain"})

    assert wrong(answer.content.decode(), "email", "company_domain") == ["email", "company_domain"]
    assert "Enter an e-mail address." in answer.content.decode()


def test_an_edit_names_what_is_wrong_with_the_address_and_a_custom_field(marketer: Client) -> None:
    make_field("sites", "number")
    lead = make_lead()
    said = {"first_name": "Ana", "email": "nobody", "attributes.sites": "many", "seen_version": lead.version}

    answer = marketer.post(reverse("desk:lead-edit", args=[lead.public_id]), said)

    assert wrong(answer.content.decode(), "email", "attributes.sites") == ["email", "attributes.sites"]
