"""Repeatable calls (R30): one key, one act, one answer (H07), only for the same call (H08)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.idempotency import KEPT
from accounts.models import IdempotencyRecord, User
from accounts.services import keys
from common.database.moments import database_now
from common.models import Outbox
from tests.accounts.people import make_person

pytestmark = pytest.mark.urls("tests.accounts.idempotent_urls")
CALLS = 20


def make_key(scopes: tuple[str, ...] = ("leads:write",), person: User | None = None) -> str:
    return keys.create(person or make_person(), scopes=scopes)[1]


def post(secret: str, body: object, key: str = "", path: str = "/notes/") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key else {})
    return Client().post(path, json.dumps(body), content_type="application/json", headers=headers)


def acts() -> int:
    return Outbox.objects.filter(topic="note").count()


@pytest.mark.django_db
def test_a_repeated_call_gets_the_first_answer_and_acts_once() -> None:
    secret = make_key()

    first, second = (post(secret, {"a": 1, "b": 2}, "k") for _ in range(2))

    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"], acts()) == (False, "true", 1)


@pytest.mark.django_db
def test_the_order_of_the_fields_does_not_make_another_body() -> None:
    secret = make_key()

    post(secret, {"a": 1, "b": 2}, "k")

    assert (post(secret, {"b": 2, "a": 1}, "k").status_code, acts()) == (201, 1)


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused() -> None:
    secret = make_key()
    post(secret, {"a": 1}, "k")

    answer = post(secret, {"a": 2}, "k")

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (
        422,
        ["Idempotency-Key"],
    )
    assert acts() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["key", "path", "api key"])
def test_a_key_counts_only_for_the_same_call(other: str) -> None:
    person = make_person()
    secret = make_key(person=person)
    post(secret, {"a": 1}, "k")

    post(
        make_key(person=person) if other == "api key" else secret,
        {"a": 2},
        "other" if other == "key" else "k",
        "/notes/7/" if other == "path" else "/notes/",
    )

    assert acts() == 2


@pytest.mark.django_db
def test_a_refused_call_leaves_nothing_and_may_be_tried_again() -> None:
    secret = make_key()

    refused = post(secret, {"refuse": 1}, "k")
    again = post(secret, {"a": 1}, "k")

    assert (refused.status_code, refused.json()["current"]["by"], again.status_code) == (
        409,
        "Lena Vogt",
        201,
    )
    assert (acts(), IdempotencyRecord.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_calls_without_a_key_each_act() -> None:
    secret = make_key()

    post(secret, {"a": 1})
    post(secret, {"a": 1})

    assert (acts(), IdempotencyRecord.objects.count()) == (2, 0)


@pytest.mark.django_db
def test_a_key_that_is_too_long_is_refused() -> None:
    assert (post(make_key(), {}, "k" * 256).status_code, acts()) == (422, 0)


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_and_old_records_go(database_clock: Any) -> None:
    secret, start = make_key(), database_clock.set(database_now())
    post(secret, {"a": 1}, "k")
    post(secret, {"a": 1}, "never again")

    database_clock.set(start + KEPT - timedelta(seconds=1))
    post(secret, {"a": 1}, "k")
    database_clock.set(start + KEPT + timedelta(seconds=1))
    post(secret, {"a": 2}, "k")

    assert (acts(), list(IdempotencyRecord.objects.values_list("key", flat=True))) == (3, ["k"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        (("leads:write",), "post", 201),
        (("leads:read",), "post", 403),
        (("all",), "post", 201),
        (("leads:read",), "get", 200),
        (("leads:write",), "get", 403),
        (("all",), "put", 405),
    ],
)
def test_a_key_may_what_its_scopes_say(scopes: tuple[str, ...], method: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {make_key(scopes)}"}

    answer = getattr(Client(), method)("/notes/", headers=headers, content_type="application/json")

    assert answer.status_code == status


@pytest.mark.django_db
def test_the_key_of_a_read_only_person_never_writes() -> None:
    person = make_person()
    secret = make_key(("all",), person)
    person.organisation_role = "read_only"
    person.save(update_fields=["organisation_role"])

    answer = post(secret, {"a": 1})

    assert (answer.status_code, answer.json()["detail"], acts()) == (403, "Your role is read-only.", 0)


@pytest.mark.django_db
def test_unreadable_json_is_a_problem_of_400() -> None:
    headers = {"Authorization": f"Bearer {make_key()}", "Idempotency-Key": "k"}

    answer = Client().post("/notes/", "{", content_type="application/json", headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_calls_at_once_one_acts_and_the_rest_say_so() -> None:
    secret, together = make_key(), Barrier(CALLS)

    def call(_: int) -> Any:
        together.wait()
        try:
            return post(secret, {"a": 1}, "k")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CALLS) as pool:
        answers = list(pool.map(call, range(CALLS)))

    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert (acts(), len(set(made)), len(made) + len(refused)) == (1, 1, CALLS)
    assert {(one.status_code, one.json()["current"]["status"]) for one in refused} <= {(409, "in progress")}
