"""Addresses that there are not are told as problems; and how often one is searched."""

from __future__ import annotations

import time
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client

from desk.api.limits import SEARCH
from tests.accounts.people import make_person
from tests.api.callers import make_world

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
NOBODYS = "handoffs/00000000-0000-4000-8000-000000000000"  # in the names of tests: the same in every run


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "nope/", 404),
        ("get", "leads/nope/", 404),
        ("get", "handoffs/not-a-uuid/", 404),
        ("post", f"{NOBODYS}/frob/", 404),
        ("get", "metrics/nope/", 404),
        ("post", "clocks/", 405),
        ("get", "touches/", 405),
    ],
)
def test_an_address_that_there_is_not_is_told_as_a_problem(method: str, address: str, status: int) -> None:
    answer = getattr(make_world().marketing, method)(address)

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    told = answer.json()
    assert (told["status"], told["title"], told["type"]) == (
        status, HTTPStatus(status).phrase, "about:blank"
    )  # fmt: skip
    assert told["detail"]


def test_the_page_about_the_api_takes_no_form_and_says_so_as_a_problem() -> None:
    client = Client()
    client.force_login(make_person())

    answer = client.post("/api/v1/docs/")

    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert answer["Allow"] == "GET, HEAD"


def test_people_read_on_a_page_that_nothing_is_there() -> None:
    answer = Client().get("/nope/")

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_searching_leads_has_the_limit_of_the_search_page_s26(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_042.0)
    caller = make_world().marketing
    statuses = [caller.get("leads/", q="pump").status_code for _ in range(SEARCH.calls)]

    assert (SEARCH.calls, set(statuses)) == (30, {200})
    assert caller.get("leads/", q="pump").status_code == 429
    assert caller.get("leads/", q="").status_code == 200
