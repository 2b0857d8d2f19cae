"""Signing in, passwords and two-step sign-in, as allauth really renders our pages."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough passphrase"


@pytest.fixture
def person():
    lena = get_user_model().objects.create_user("lena@example.com", name="Lena Vogt", password=PASSWORD)
    EmailAddress.objects.create(user=lena, email=lena.email, verified=True, primary=True)
    return lena


def heading(response):
    return re.findall(r"<h1[^>]*>([^<]*)</h1>", response.content.decode())


def test_a_wrong_password_and_an_unknown_person_read_the_same(client, person):
    wrong = client.post("/login/", {"login": person.email, "password": "wrong"})
    unknown = client.post("/login/", {"login": "nobody@example.com", "password": "wrong"})

    said = [
        re.findall(r'id="sign-in-error".*?<span>([^<]*)</span>', one.content.decode(), re.DOTALL)
        for one in (wrong, unknown)
    ]
    assert [[words.strip() for words in one] for one in said] == [
        ["That email and password do not match."]
    ] * 2


def test_signing_in_goes_to_the_first_page(client, person):
    response = client.post("/login/", {"login": person.email, "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_new_password_is_set_by_the_link_in_the_mail(client, person):
    asked = client.post("/password/reset/", {"email": person.email}, follow=True)
    link = re.search(r"https?://testserver(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    done = client.post(
        form.request["PATH_INFO"], {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}, follow=True
    )

    assert [heading(asked), heading(form), heading(done)] == [
        ["Check your mail"],
        ["New password"],
        ["Password saved"],
    ]
    assert Client().login(email=person.email, password=PASSWORD + "!")


def test_a_used_link_offers_a_new_one(client):
    response = client.get("/password/reset/key/1-set-password/")

    assert heading(response) == ["This link no longer works"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/2fa/", "Two-step sign-in"),
        ("/2fa/totp/activate/", "Set up your authenticator app"),
        ("/password/change/", "Change your password"),
        ("/logout/", "Sign out"),
        ("/reauthenticate/", "Confirm it is you"),
    ],
)
def test_account_pages_stand_on_our_own_design(client, person, path, title):
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})

    response = client.get(path)

    assert (response.status_code, heading(response)) == (200, [title])
    assert not re.search(r"\sstyle=|data:image", response.content.decode())
