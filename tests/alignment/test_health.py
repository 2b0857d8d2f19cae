"""What the watchdogs see (R26)."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from alignment.tasks import heartbeat
from common import outbox
from common.models import Outbox
from common.moments import database_now


@pytest.fixture(autouse=True)
def alive(db: None) -> Generator[None, None, None]:
    heartbeat()
    yield
    cache.delete("heartbeat")


def leave(age: timedelta) -> None:
    outbox.leave("handoff.offered", 1, at=database_now() - age)


def refused() -> None:
    """What a connection says whose server is gone."""
    raise OperationalError("connection refused")


def test_an_idle_installation_is_well(client: Client) -> None:
    answer = client.get("/health/deadlines")

    assert answer.status_code == 200
    assert answer.json() | {"heartbeat": 0} == {
        "status": "ok",
        "overdue": 0,
        "outbox": None,
        "heartbeat": 0,
    }


@pytest.mark.parametrize(("age", "status"), [(119, 200), (121, 503)])
def test_a_relay_that_is_two_minutes_late_is_not_well(client: Client, age: int, status: int) -> None:
    leave(timedelta(seconds=age))

    answer = client.get("/health/deadlines")

    assert answer.status_code == status
    assert age <= answer.json()["outbox"] < age + 1


def test_what_was_put_off_does_not_wait_before_its_next_try(client: Client) -> None:
    leave(timedelta(hours=1))
    outbox.postpone(Outbox.objects.get(), until=database_now() - timedelta(seconds=5))

    answer = client.get("/health/deadlines")

    assert answer.status_code == 200
    assert 5 <= answer.json()["outbox"] < 60


def test_an_installation_without_its_database_is_not_well(client: Client, monkeypatch) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(connection, "cursor", refused)
        answers = [client.get(f"/health/{question}") for question in ("ready", "deadlines")]

    assert [(answer.status_code, answer.json()["database"]) for answer in answers] == [(503, False)] * 2


def test_an_installation_without_a_heartbeat_is_not_well(client: Client) -> None:
    cache.delete("heartbeat")

    answer = client.get("/health/deadlines")

    assert (answer.status_code, answer.json()["heartbeat"], answer["Retry-After"]) == (503, None, "5")
