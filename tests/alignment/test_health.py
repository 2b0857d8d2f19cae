"""What the watchdogs see (R26)."""

from __future__ import annotations

import socket
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from alignment import skew
from alignment.metrics import GAUGES
from alignment.tasks import BEAT, HEARTBEAT, heartbeat
from common import outbox
from common.database.moments import database_now
from common.models import Outbox
from sla.queries.health import LAST_RUN
from sla.services.clocks import note_run
from tests.accounts.people import make_person
from tests.factories import make_handoff
from tests.sla.makers import happens, make_contract


@pytest.fixture(autouse=True)
def alive(db: None) -> Generator[None, None, None]:
    heartbeat()
    cache.set(BEAT, database_now().isoformat())
    note_run()
    yield
    for key in (HEARTBEAT, BEAT, LAST_RUN, skew.HOSTS):
        cache.delete(key)


def leave(age: timedelta) -> None:
    outbox.leave("handoff.offered", 1, at=database_now() - age)


def on_host(patch: pytest.MonkeyPatch, name: str, ahead: timedelta) -> None:
    """As if this process ran on another host."""
    real = timezone.now
    patch.setattr(timezone, "now", lambda: real() + ahead)
    patch.setattr(socket, "gethostname", lambda: name)


def refused() -> None:
    """What a connection says whose server is gone."""
    raise OperationalError("connection refused")


def test_an_idle_installation_is_well(client: Client) -> None:
    answer = client.get("/health/deadlines")

    assert answer.status_code == 200
    assert answer.json() | dict.fromkeys(("sweep", "beat", "heartbeat", "round_trip", "skew"), 0) == {
        "status": "ok", "wrong": [], "overdue": 0, "outbox": None, "sweep": 0, "beat": 0, "heartbeat": 0,
        "round_trip": 0, "skew": 0, "due_soon": 0, "parked": 0, "untold": 0, "calendars": 0, "waiting": 0,
    }  # fmt: skip


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


def test_an_installation_whose_sweep_never_ran_is_not_well(client: Client) -> None:
    cache.delete(LAST_RUN)

    answer = client.get("/health/deadlines")

    assert (answer.status_code, answer.json()["wrong"], answer["Retry-After"]) == (503, ["sweep"], "5")


@pytest.mark.parametrize(("age", "status"), [(119, 200), (121, 503)])
def test_a_sweep_that_last_ran_two_minutes_ago_is_red(client: Client, age: int, status: int) -> None:
    cache.set(LAST_RUN, (database_now() - timedelta(seconds=age)).isoformat())

    assert client.get("/health/deadlines").status_code == status


@pytest.mark.parametrize(("key", "reasons"), [(BEAT, ["beat", "round_trip"]), (HEARTBEAT, ["heartbeat"])])
def test_a_beat_that_is_gone_is_yellow_while_the_sweep_carries_on(
    client: Client, key: str, reasons: list[str]
) -> None:
    cache.set(key, (database_now() - timedelta(seconds=121)).isoformat())

    answer = client.get("/health/deadlines")

    assert (answer.status_code, answer.json()["status"]) == (200, "warning")
    assert answer.json()["wrong"] == reasons


@pytest.mark.parametrize("hour", [-1, 1])
def test_a_host_whose_clock_was_stepped_is_yellow(client: Client, monkeypatch: Any, hour: int) -> None:
    """R24, F15: the database's clock decides, so nothing is late; but someone should look."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hour))

    seen = client.get("/health/deadlines").json()

    assert (seen["status"], seen["wrong"], round(seen["skew"])) == ("warning", ["skew"], hour * 3600)


@pytest.mark.parametrize(("seconds", "wrong"), [(3, ["skew"]), (-3, ["skew"]), (1, [])])
def test_a_worker_whose_host_is_off_is_yellow_where_the_web_servers_is_right(
    client: Client, monkeypatch: Any, seconds: int, wrong: list[str]
) -> None:
    with monkeypatch.context() as patch:
        on_host(patch, "worker-1", timedelta(seconds=seconds))
        heartbeat()
    heartbeat()

    seen = client.get("/health/deadlines").json()

    assert (seen["wrong"], round(seen["skew"])) == (wrong, seconds)


def test_a_host_that_no_worker_runs_on_any_more_is_forgotten(client: Client) -> None:
    then = database_now() - skew.FORGOTTEN
    cache.set(skew.HOSTS, {"gone": [3600.0, then.isoformat()]})

    heartbeat()

    assert client.get("/health/deadlines").json()["wrong"] == []
    assert "gone" not in cache.get(skew.HOSTS)


def test_a_miss_that_waits_two_minutes_is_red_and_what_is_due_soon_is_counted(client: Client) -> None:
    now = database_now()
    make_contract(now - timedelta(days=1), answer=timedelta(hours=1), first_response=timedelta(minutes=90))
    happens("offered", make_handoff(at=now - timedelta(minutes=63)), now - timedelta(minutes=63))

    seen = client.get("/health/deadlines").json()

    assert (seen["status"], seen["wrong"], seen["due_soon"]) == ("unavailable", ["overdue"], 1)
    assert 180 <= seen["overdue"] < 190


def test_who_has_the_token_reads_the_same_as_metrics(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "s3cret"
    leave(timedelta(seconds=50))

    answer = client.get("/metrics", headers={"Authorization": "Bearer s3cret"})

    samples = dict(line.split() for line in answer.content.decode().splitlines() if line[0] != "#")
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert (samples["baton_up"], samples["baton_relay_backlog"]) == ("1", "1")
    assert 50 <= float(samples["baton_relay_lag_seconds"]) < 51
    assert len(samples) == len(GAUGES) + 1


@pytest.mark.parametrize("token", ["", "s3cret"])
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", "s3cret"])
def test_nobody_else_reads_metrics(client: Client, settings: Any, token: str, shown: str) -> None:
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", headers={"Authorization": shown}).status_code == 401


def test_the_demo_shows_its_metrics_to_everyone(client: Client, settings: Any) -> None:
    settings.DEMO = True

    assert client.get("/metrics").status_code == 200


def test_people_are_sent_to_the_page_of_figures(client: Client) -> None:
    client.force_login(make_person())

    assert client.get("/metrics")["Location"] == "/metrics/"


def test_what_never_happened_is_no_sample(client: Client, settings: Any) -> None:
    settings.DEMO = True
    cache.delete(BEAT)

    assert "\nbaton_beat_age_seconds" not in client.get("/metrics").content.decode()
