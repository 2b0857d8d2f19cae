"""What people decide for themselves: how Baton looks, and nothing that others decide about them."""

from __future__ import annotations

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
