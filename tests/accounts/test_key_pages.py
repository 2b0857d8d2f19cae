"""The pages of API keys: made once, after the password, with the scopes that its person may have."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey
from accounts.services import keys
from tests.accounts.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def test_a_new_key_is_shown_once(client: Client) -> None:
    person = make_person()
    client.force_login(person)

    sent = {"name": "Forms", "scopes": ["leads:write"]}
    made = client.post(reverse("accounts:key-new"), sent, follow=True)
    (secret,) = re.findall(r"<code>(bt_[^<]+_[^<]+)</code>", made.content.decode())
    later = client.get(reverse("accounts:settings-keys")).content.decode()

    key = keys.recognise(secret)
    assert key is not None
    assert (key.person, made.status_code, secret in later, key.prefix in later) == (person, 200, False, True)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/settings/keys/", "A key can never do more than the person it acts for."),
        ("/api/v1/docs/", "It acts for its person and can never do more than that person;"),
    ],
)
def test_what_a_key_can_do_is_said_where_keys_are_made_and_used(
    client: Client, address: str, words: str
) -> None:
    client.force_login(make_person())

    assert words in client.get(address).content.decode()


def test_a_read_only_person_is_offered_scopes_that_read_and_no_others(client: Client) -> None:
    client.force_login(make_person(role="read_only"))
    address = reverse("accounts:key-new")

    page = client.get(address).content.decode()
    answer = client.post(address, {"name": "All", "scopes": ["all"]})

    assert ('value="leads:read"' in page, 'value="leads:write"' in page, 'value="all"' in page) == (
        True,
        False,
        False,
    )
    assert (answer.status_code, ApiKey.objects.count()) == (422, 0)


def test_a_key_is_made_only_after_the_password_was_typed_again(client: Client) -> None:
    person = make_person()
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)

    answer = client.get(reverse("accounts:key-new"))

    assert (answer.status_code, "/reauthenticate/" in answer["Location"]) == (302, True)


def test_people_of_the_demo_make_keys_though_they_know_no_password(client: Client, settings: Any) -> None:
    settings.DEMO = True
    client.force_login(make_person())

    assert client.get(reverse("accounts:key-new")).status_code == 200


def test_the_keys_of_others_are_seen_by_who_configures_alone(client: Client) -> None:
    key, _ = keys.create(make_person(), scopes=["all"], name="Dialer")
    address = reverse("accounts:key-revoke", args=[key.public_id])

    client.force_login(make_person())
    seen = "Dialer" in client.get(reverse("accounts:settings-keys")).content.decode()
    refused = client.post(address).status_code
    client.force_login(make_person(role="operations"))
    seen_by_operations = "Dialer" in client.get(reverse("accounts:settings-keys")).content.decode()
    revoked = client.post(address).status_code

    assert (seen, refused, seen_by_operations, revoked) == (False, 404, True, 302)


def test_revoking_asks_first_and_says_what_stops(client: Client) -> None:
    person = make_person()
    key, _ = keys.create(person, scopes=["leads:read"], name="Website forms")
    client.force_login(person)
    address = reverse("accounts:key-revoke", args=[key.public_id])

    listed, asked = (
        client.get(where).content.decode() for where in (reverse("accounts:settings-keys"), address)
    )

    key.refresh_from_db()
    assert (f'hx-get="{address}"' in listed, "Revoke key" in asked, key.revoked_at) == (True, True, None)
    assert client.post(address).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
