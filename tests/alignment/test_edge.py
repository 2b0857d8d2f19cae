"""What comes in over HTTP with ill intent: forged forms, cookies, hosts and texts (S13, S17, S23, S31)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, models, transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Cast, Concat, Left
from django.test import Client

from accounts.models import User
from tests.accounts.people import PASSWORD, make_person
from tests.architecture.routes import Route, routes
from tests.architecture.test_access import world  # noqa: F401 - a fixture
from tests.architecture.world import rolled_back

pytestmark = pytest.mark.django_db

OWN_APPS = ("calendars", "accounts", "definitions", "leads", "sla", "intake", "desk", "notifications")
# Text of ours, or text that only ever comes from a list.
OURS = {
    "time_zone",
    "currency",
    "theme",
    "topic",
    "password",
    "url",
    "origin",
    "system",
    "message_id",
    "digest",
}
SEEN = {"Lead.first_name", "Company.name", "Team.name", "User.name", "Campaign.name", "Reason.label"}
POISON = "'\"><xss> xss=1 "
FOREIGN = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
]


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def member() -> User:
    person = make_person(role="admin")
    person.set_password(PASSWORD)
    person.save()
    return person


def strict(person: User | None = None) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def test_no_form_and_no_call_of_a_session_is_taken_without_its_token_s13(world: dict[str, Any]) -> None:  # noqa: F811
    client, taken = strict(world["people"]["admin"]), []
    for route in routes():
        kind = "application/json" if route.name.startswith("api:") else "application/x-www-form-urlencoded"
        with rolled_back():
            answer = client.post(route.address(world["known"]), "{}", content_type=kind)
        if answer.status_code not in (403, 404, 405):
            taken.append((route.name, answer.status_code))

    assert taken == []


def test_nobody_signs_in_or_out_by_a_forged_form_s13(member: User) -> None:
    signing_in = strict().post("/login/", {"login": member.email, "password": PASSWORD})
    client = strict(member)
    signing_out = client.post("/logout/")

    assert (signing_in.status_code, signing_out.status_code) == (403, 403)
    assert client.get("/settings/you/").status_code == 200


@pytest.mark.parametrize(
    "cookie",
    ['sessionid="abcdefgh\\000"', f"sessionid={'x' * 5_000}", "sessionid=\xff\xfe", 'csrftoken="\\000"'],
    ids=["null character", "long", "no text", "token"],
)
def test_a_cookie_of_nobodys_making_signs_nobody_in(cookie: str) -> None:
    client = Client()

    answers = [client.get(address, HTTP_COOKIE=cookie).status_code for address in ("/login/", "/inbox/")]

    assert answers == [200, 302]


def test_signing_in_changes_the_key_of_the_session_s11(member: User) -> None:
    client = Client()
    client.get("/login/")
    client.cookies["sessionid"] = "a" * 32

    client.post("/login/", {"login": member.email, "password": PASSWORD})

    assert len(client.cookies["sessionid"].value) == 32
    assert client.cookies["sessionid"].value != "a" * 32


@pytest.mark.parametrize("foreign", FOREIGN)
def test_no_form_leads_to_another_site_s23(member: User, foreign: str) -> None:
    client = Client()
    said = {"next": foreign, "login": member.email, "password": PASSWORD, "theme": "dark"}

    answers = [
        client.post(f"/{form}/", said) for form in ("login", "reauthenticate", "settings/theme", "logout")
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/")] * 4


def test_the_link_to_a_new_password_leads_to_the_configured_address_s23(member: User, settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://baton.example", [".example"]

    Client().post("/password/reset/", {"email": member.email}, headers={"host": "evil.example"})

    links = [word for word in mail.outbox[0].body.split() if "://" in word]
    assert [link.partition("/password/")[0] for link in links] == ["https://baton.example"]
    opened = Client(headers={"host": "baton.example"}).get(
        links[0].removeprefix("https://baton.example"), follow=True
    )
    assert b"password1" in opened.content


def test_who_is_known_is_not_told_to_who_asks_for_a_new_password_s10(member: User) -> None:
    answers = [
        Client().post("/password/reset/", {"email": email}) for email in (member.email, "nobody@else.example")
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/password/reset/done/")
    ] * 2


def test_after_five_wrong_passwords_the_right_one_waits_too_s8(member: User) -> None:
    for _ in range(5):
        Client().post("/login/", {"login": member.email, "password": "wrong"})

    client = Client()
    answer = client.post("/login/", {"login": member.email, "password": PASSWORD})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


class Finder(HTMLParser):
    """Counts what only a text that broke out of its place can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] * (tag == "xss") + [
            f"{tag} {name}" for name, _ in attrs if name.startswith("xss")
        ]


def escapes(page: str) -> list[str]:
    finder = Finder()
    finder.feed(page)
    return finder.found


def free_texts(model: type[Model]) -> Iterator[models.Field[Any, Any]]:
    """Columns that hold whatever somebody typed."""
    for field in model._meta.concrete_fields:
        typed = isinstance(field, models.CharField | models.TextField)
        if typed and not (field.choices or field.name in OURS or isinstance(field, models.SlugField)):
            yield field


def poison(field: models.Field[Any, Any]) -> bool:
    """Writes the text before the key of every row; False where a constraint of the column forbids it."""
    key = Cast(F("pk"), models.CharField())
    text = Left(Concat(Value(POISON), key), field.max_length or 100)
    try:
        with transaction.atomic():
            field.model._default_manager.update(**{field.name: text})
    except DatabaseError:
        return False
    return True


def test_no_text_of_a_person_becomes_markup_on_any_page_s17(world: dict[str, Any]) -> None:  # noqa: F811
    poisoned = {f"{field.model.__name__}.{field.name}" for field in columns() if poison(field)}
    client = Client(raise_request_exception=False)
    client.force_login(world["people"]["admin"])

    answers = [(route.name, client.get(route.address(world["known"]), headers=how)) for route, how in pages()]
    html = [
        (name, answer.content.decode())
        for name, answer in answers
        if "html" in answer.headers.get("Content-Type", "")
    ]

    assert poisoned >= SEEN
    assert sum("&lt;xss&gt;" in page for _, page in html) > 40
    assert [(name, escapes(page)) for name, page in html if escapes(page)] == []


def columns() -> Iterator[models.Field[Any, Any]]:
    for app in OWN_APPS:
        for model in apps.get_app_config(app).get_models():
            yield from free_texts(model)


def pages() -> Iterator[tuple[Route, dict[str, str]]]:
    for route in routes():
        if not route.name.startswith(("api:", "health")):
            yield route, {}
            yield route, {"HX-Request": "true"}


def test_the_finder_sees_what_breaks_out() -> None:
    assert escapes(f'<a title="{POISON}">') == ["xss"]
    assert escapes("<a title=x xss=1>") == ["a xss"]
