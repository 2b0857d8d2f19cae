"""Signing in, passwords and two-step sign-in, as allauth really renders our pages."""

import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.template.loader import get_template
from django.test import Client

from alignment import sign_in

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
    link = re.search(rf"{settings.SITE_URL}(/\S+)", mail.outbox[0].body).group(1)
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


@pytest.mark.parametrize(
    ("address", "subject", "said"),
    [
        ("lena@example.com", "A new password for Baton", "Choose it here"),
        ("nobody@example.com", "No account for Baton", "People are invited"),
    ],
)
def test_mails_about_passwords_are_in_our_words(client, person, address, subject, said):
    client.post("/password/reset/", {"email": address})

    sent = mail.outbox[0]
    assert sent.subject == subject
    assert said in sent.body
    assert "Hello from" not in sent.body
    assert "sign up" not in sent.body


def templates_of(patterns):
    for pattern in patterns:
        yield from templates_of(getattr(pattern, "url_patterns", ()))
        view = getattr(getattr(pattern, "callback", None), "view_class", None)
        if name := getattr(view, "template_name", None):
            yield {"account/signup.html": "account/signup_closed.html"}.get(name, name)


def test_every_page_of_signing_in_has_a_template_of_ours():
    pages = [name for name in templates_of(sign_in.urlpatterns) if name.endswith(".html")]

    foreign = [
        name
        for name in pages
        if settings.BASE_DIR / "templates" not in Path(get_template(name).origin.name).parents
    ]

    assert (len(pages), foreign) == (17, [])


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


def test_a_page_of_a_new_password_says_its_rules_once(client, person):
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})

    shown = client.get("/password/change/").content.decode()

    assert shown.count("12 characters") == 1


@pytest.mark.parametrize("path", ["/2fa/", "/2fa/totp/activate/"])
def test_two_step_sign_in_stands_among_the_settings_with_a_way_back(client, person, path):
    client.post("/login/", {"login": person.email, "password": PASSWORD})
    client.post("/reauthenticate/", {"password": PASSWORD})

    page = client.get(path).content.decode()

    assert 'href="/settings/you/">You</a>' in page
    assert '<a href="/settings/people/">People</a>' in page
