"""What the environment decides."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port, validate_host

from alignment import environment


@pytest.mark.parametrize(
    ("redis_url", "broker", "cache"),
    [
        pytest.param(
            "unix:///run/v.sock?db=0",
            "redis+socket:///run/v.sock?virtual_host=0",
            "unix:///run/v.sock?db=1",
            id="socket",
        ),
        pytest.param(
            "unix:///run/v.sock",
            "redis+socket:///run/v.sock?virtual_host=0",
            "unix:///run/v.sock?db=1",
            id="bare",
        ),
        pytest.param("redis://h:6379/0", "redis://h:6379/0", "redis://h:6379/1", id="host"),
        pytest.param("rediss://:p%2Fw@h", "rediss://:p%2Fw@h", "rediss://:p%2Fw@h/1", id="secret"),
    ],
)
def test_clearing_the_cache_cannot_empty_the_broker(redis_url: str, broker: str, cache: str) -> None:
    assert environment.broker_url(redis_url) == broker
    assert environment.cache_url(redis_url) == cache


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("true", True), ("0", False), ("", True), (" ", True)]
)
def test_a_flag_set_to_nothing_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, word: str, meant: bool
) -> None:
    monkeypatch.setenv("SWITCH", word)

    assert environment.flag("SWITCH", default=True) is meant


@pytest.mark.parametrize("said", ["abc", "-1", "nan", "inf", "1 s"])
def test_what_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("STANDBY_SECONDS", said)

    with pytest.raises(ImproperlyConfigured, match=f"STANDBY_SECONDS must be a number from 0, not '{said}'"):
        environment.number("STANDBY_SECONDS", 5)


def test_a_command_says_it_in_one_sentence() -> None:
    told = subprocess.run(
        [sys.executable, environment.PROJECT / "manage.py", "check"],
        env=os.environ | {"STANDBY_SECONDS": "soon"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stderr) == (1, "STANDBY_SECONDS must be a number from 0, not 'soon'.\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "baton.lan", "2001:db8::7"])
def test_whoever_asks_at_the_printed_address_is_answered(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)

    address = environment.url_of(host, 8000).removeprefix("http://")
    assert validate_host(split_domain_port(address)[0], environment.allowed_hosts())


def test_the_secret_key_is_made_once(tmp_path: Path) -> None:
    first = environment.stored_secret_key(tmp_path)

    assert environment.stored_secret_key(tmp_path) == first
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        ("", "http://127.0.0.1:8443"),
        ("baton.lan", "http://baton.lan:8443"),
        ("::1", "http://[::1]:8443"),
        ("0.0.0.0", f"http://{socket.gethostname()}:8443"),
        ("::", f"http://{socket.gethostname()}:8443"),
    ],
)
def test_links_begin_with_an_address_that_others_can_open(
    monkeypatch: pytest.MonkeyPatch, host: str, begins: str
) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", "8443")

    assert environment.site_url() == begins
    assert begins.removeprefix("http://").rpartition(":")[0] in environment.allowed_hosts()
