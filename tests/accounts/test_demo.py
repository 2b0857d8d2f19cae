"""The demo: one click signs in, only there, only as one of its people."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.queries import personas
from tests.accounts.people import make_member, make_person, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.urls("accounts.urls_demo")]


def test_there_is_one_persona_of_each_role() -> None:
    team = make_team("North")
    make_member(team, "rep", person=make_person("Lena Vogt", email="lena@example.com"))
    make_member(team, "rep")
    make_person("Amal Haddad", "operations")
    make_person("Gone", "admin", is_active=False)
    make_person("No role")

    found = [(persona.name, persona.line, persona.side) for persona in personas()]

    assert found == [("Lena Vogt", "Sales rep, North", "sales"), ("Amal Haddad", "Operations", "")]


def test_a_persona_is_shown_with_the_team_that_came_first() -> None:
    person = make_member(make_team("South"), "rep")
    make_member(make_team("North"), "rep", person=person)

    assert [persona.line for persona in personas()] == ["Sales rep, South"]


def test_a_persona_signs_in_with_one_click(client: Client, settings: Any) -> None:
    settings.DEMO = True
    person = make_person("Amal Haddad", "operations")

    answer = client.post("/demo/sign-in/", {"persona": person.email, "next": "/leads/"})

    assert (answer.status_code, answer["Location"]) == (302, "/leads/")
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_on_stays_on_this_site(client: Client, settings: Any, next_page: str) -> None:
    settings.DEMO = True
    person = make_person("Amal Haddad", "operations")

    answer = client.post("/demo/sign-in/", {"persona": person.email, "next": next_page})

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("demo", "email"), [(False, "amal@example.com"), (True, "other@example.com"), (True, "")]
)
def test_nobody_else_is_signed_in(client: Client, settings: Any, demo: bool, email: str) -> None:
    settings.DEMO = demo
    make_person("Amal Haddad", "operations", email="amal@example.com")
    make_person("No role", email="other@example.com")

    answer = client.post("/demo/sign-in/", {"persona": email})

    assert (answer.status_code, "_auth_user_id" in client.session) == (404, False)


def test_looking_at_the_address_signs_nobody_in(client: Client, settings: Any) -> None:
    settings.DEMO = True

    assert client.get("/demo/sign-in/").status_code == 405
