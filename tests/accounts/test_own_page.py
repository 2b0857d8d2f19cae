"""What people decide for themselves: how Baton looks, and nothing that others decide about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.people import make_person

pytestmark = pytest.mark.django_db


def test_one_decides_for_oneself_how_baton_looks(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    client.post(
        reverse("accounts:settings-you"), {"name": "Lena Vogt", "time_zone": "Europe/Oslo", "theme": "dark"}
    )

    person.refresh_from_db()
    assert (person.name, person.time_zone, person.theme, person.shortcuts) == (
        "Lena Vogt",
        "Europe/Oslo",
        "dark",
        False,
    )


def test_nobody_gives_themselves_a_role_on_the_own_page(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    client.post(
        reverse("accounts:settings-you"),
        {
            "name": "Eve",
            "theme": "auto",
            "organisation_role": "admin",
            "email": "root@example.com",
            "is_active": "1",
        },
    )

    person.refresh_from_db()
    assert (person.name, person.organisation_role, person.email == "root@example.com") == ("Eve", "", False)


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [("/settings/teams/", "/settings/teams/"), ("https://evil.example/", "/"), ("", "/")],
)
def test_the_theme_is_changed_and_one_stays_on_the_page(client: Client, address: str, goes_to: str) -> None:
    person = make_person()
    client.force_login(person)

    answer = client.post(reverse("accounts:theme"), {"theme": "dark", "next": address})

    person.refresh_from_db()
    assert (person.theme, answer["Location"]) == ("dark", goes_to)


def test_an_unknown_theme_is_refused(client: Client) -> None:
    client.force_login(make_person())

    assert client.post(reverse("accounts:theme"), {"theme": "neon"}).status_code == 422


def test_a_wrong_current_password_is_said_in_our_words_and_leads_back(client: Client) -> None:
    person = make_person()
    person.set_password("correct horse battery")
    person.save()
    client.force_login(person)

    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": "another horse battery", "password2": "another horse battery"},
    ).content.decode()

    assert "This is not your current password." in page
    assert f'href="{reverse("accounts:settings-you")}">Back to your settings' in page


def test_a_wrong_code_of_the_app_says_which_to_enter(client: Client, settings: Any) -> None:
    settings.DEMO = True  # nobody is asked for a password again
    client.force_login(make_person())
    address = reverse("mfa_activate_totp")
    client.get(address)

    page = client.post(address, {"code": "000000"}).content.decode()

    assert "Enter the one that the app shows now." in page
