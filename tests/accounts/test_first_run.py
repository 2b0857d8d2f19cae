"""The first run: one token, one admin, then nothing more."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Organisation, SetupToken, User
from accounts.services.first_run import Company, FirstAdmin, begin, setup_token
from calendars.models import CalendarVersion
from common.refusals import Conflict, Invalid
from tests.accounts.people import PASSWORD, make_person

pytestmark = pytest.mark.django_db
ADMIN = FirstAdmin("Amal Haddad", "Amal@Example.com", PASSWORD)
COMPANY = Company("Northwater Systems", "Europe/Oslo", "eur")
SENT = {
    "name": "Amal Haddad", "email": "amal@example.com", "password": PASSWORD, "company": "Northwater Systems",
    "time_zone": "Europe/Oslo", "currency": "EUR",
}  # fmt: skip


def token() -> str:
    made = setup_token()
    assert made is not None
    return made


def test_the_token_makes_an_admin_an_organisation_and_a_calendar() -> None:
    admin = begin(token(), ADMIN, COMPANY)

    company = Organisation.objects.get()
    assert (admin.email, admin.organisation_role, admin.check_password(PASSWORD)) == (
        "amal@example.com",
        "admin",
        True,
    )
    assert (company.name, company.time_zone, company.currency) == ("Northwater Systems", "Europe/Oslo", "EUR")
    assert CalendarVersion.objects.get().rules["tz"] == "Europe/Oslo"


def test_only_a_digest_of_the_token_is_stored() -> None:
    made = token()

    assert made not in str(SetupToken.objects.values().get())


def test_the_token_of_an_earlier_start_no_longer_works() -> None:
    earlier, latest = token(), token()

    with pytest.raises(Invalid) as refused:
        begin(earlier, ADMIN, COMPANY)

    assert list(refused.value.errors) == ["token"]
    assert begin(latest, ADMIN, COMPANY).is_active is True


@pytest.mark.parametrize("wrong", ["", "guess", "ø"])
def test_a_wrong_token_makes_nobody(wrong: str) -> None:
    token()

    with pytest.raises(Invalid):
        begin(wrong, ADMIN, COMPANY)

    assert User.objects.exists() is False


def test_the_token_works_once() -> None:
    made = token()
    begin(made, ADMIN, COMPANY)

    with pytest.raises(Conflict):
        begin(made, FirstAdmin("Eve", "eve@example.com", PASSWORD), COMPANY)

    assert (User.objects.count(), setup_token()) == (1, None)


def test_all_that_is_wrong_is_said_at_once_and_the_token_stays() -> None:
    made = token()

    with pytest.raises(Invalid) as refused:
        begin(made, FirstAdmin(" ", "amal", "short"), Company("", "Mars/Olympus", "euros"))

    assert sorted(refused.value.errors) == ["company", "currency", "email", "name", "password", "time_zone"]
    assert begin(made, ADMIN, COMPANY).pk is not None


def test_a_password_like_the_name_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        begin(token(), FirstAdmin("Amal Haddad Northwater", "a@example.com", "amalhaddadnorthwater"), COMPANY)

    assert list(refused.value.errors) == ["password"]


def test_the_page_signs_the_first_admin_in_and_is_gone_afterwards(client: Client) -> None:
    shown = client.get("/start/")
    done = client.post("/start/", SENT | {"token": token()})

    assert (shown.status_code, done.status_code) == (200, 302)
    assert client.get("/settings/people/").status_code == 200


def test_who_opens_a_used_token_reads_that_it_is_set_up(client: Client) -> None:
    make_person(role="admin")

    for send in (client.get, client.post):
        answer = send("/start/?token=used", SENT, follow=True)
        assert answer.redirect_chain[0][0] == "/login/"
        assert "Baton is set up. Sign in." in answer.content.decode()


def test_the_page_keeps_what_was_typed_but_no_password(client: Client) -> None:
    answer = client.post("/start/", SENT | {"token": "wrong", "currency": "E"})

    page = answer.content.decode()
    assert (answer.status_code, 'value="amal@example.com"' in page, PASSWORD in page) == (422, True, False)


def test_signing_in_leads_to_the_first_run_until_there_is_an_admin(client: Client) -> None:
    before = client.get("/login/").content.decode()
    make_person(role="admin")
    after = client.get("/login/").content.decode()

    assert ['href="/start/"' in page for page in (before, after)] == [True, False]


def test_the_demo_has_no_first_run(client: Client, settings: Any) -> None:
    settings.DEMO = True

    assert client.get("/start/").status_code == 404


def test_the_command_prints_a_token_until_there_is_an_admin() -> None:
    printed = StringIO()
    call_command("setup_token", stdout=printed)

    begin(printed.getvalue().strip(), ADMIN, COMPANY)

    with pytest.raises(CommandError):
        call_command("setup_token")


def test_an_admin_who_left_leaves_the_door_open() -> None:
    make_person(role="admin", is_active=False)

    assert setup_token() is not None
