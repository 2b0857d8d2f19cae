"""What every answer carries, and what is closed to those who have not signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.live import LiveProcesses

OPEN = {
    "health-live",
    "health-ready",
    "health-deadlines",
    "health-metrics",  # for whoever has the token
    "account_login",
    "accounts:start",
    "mfa_authenticate",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def test_a_page_says_what_a_browser_may_do(client: Client, db: None) -> None:
    answer = client.get("/login/")

    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert {
        name: answer[name] for name in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }


def test_pages_of_a_signed_in_person_are_not_stored(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("ada@northwater.example", "Ada", "correct horse battery"))

    answer = client.get("/password/change/")

    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_nobody_signs_up(client: Client, db: None) -> None:
    client.post("/signup/", {"email": "eve@example.org", "password1": "correct horse battery"})

    assert User.objects.count() == 0


def test_while_the_database_is_away_every_page_says_when_to_come_back(live: LiveProcesses) -> None:
    web = live.web(DATABASE_URL="postgresql://baton@%2Fnowhere/baton")

    answer = fetch(f"{web}/password/change/", cookie=f"sessionid={'a' * 32}")

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert fetch(f"{web}/health/ready").status == 503
    assert fetch(f"{web}/health/live").status == 200


def test_only_the_pages_listed_here_are_open_to_strangers() -> None:
    patterns = dict(routes(get_resolver()))

    assert {name for name, view in patterns.items() if not getattr(view, "login_required", True)} == OPEN


def fetch(url: str, cookie: str = "") -> HTTPResponse:
    host, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(host, timeout=10)
    connection.request("GET", f"/{path}", headers={"Cookie": cookie})
    return connection.getresponse()


def routes(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every route by its full name, those of the API apart: DRF closes them by default."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback
        elif not str(entry.pattern).startswith("api/"):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else space)


def test_an_address_that_only_takes_forms_says_so_on_a_page(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("ada@northwater.example", "Ada", "correct horse battery"))

    answer = client.get(reverse("accounts:theme"))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address only takes what a form sends." in answer.content.decode()


def test_a_form_without_its_token_tells_the_page_to_renew_itself(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Trigger"]) == (403, "too-old")
    assert "Nothing was saved" in answer.content.decode()
