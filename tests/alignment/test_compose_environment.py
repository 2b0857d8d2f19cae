"""What docker-compose.yml hands to its services is what `.env.example` explains and the settings read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from alignment.management.commands.up import children

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = (PROJECT / "docker-compose.yml").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]


def queues_of(command: list[str]) -> str:
    return command[command.index("--queues") + 1]


def test_every_variable_is_explained_and_none_is_explained_in_vain() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
    explained = set(re.findall(r"^(\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert explained == used


def test_settings_read_every_variable_that_the_app_is_given() -> None:
    files = ("environment.py", "schema.py", "settings/__init__.py", "settings/production.py")
    read = "".join((PROJECT / "alignment" / name).read_text() for name in files)
    given = {name for name in SERVICES["migrate"]["environment"] if f'"{name}"' not in read}

    assert given == set()


def test_workers_take_the_same_queues_as_the_one_command_run() -> None:
    at_home = {child.name: child.argv for child in children("127.0.0.1", 8000, PROJECT)}

    assert queues_of(SERVICES["sla-worker"]["command"]) == queues_of(list(at_home["sla worker"]))
    assert queues_of(SERVICES["worker"]["command"]) == queues_of(list(at_home["worker"]))


def test_the_database_is_healthy_only_once_it_can_be_reached() -> None:
    """The image sets up a new database behind a socket; migrating then would find nobody."""
    assert SERVICES["database"]["healthcheck"]["test"][1:4] == ["pg_isready", "-h", "127.0.0.1"]


def test_the_broker_does_not_run_as_root() -> None:
    """Its image gives up root in the entrypoint, which a shell of ours would otherwise stand in for."""
    assert SERVICES["broker"]["command"][-1].startswith("exec docker-entrypoint.sh valkey-server ")


@pytest.mark.parametrize("name", ["migrate", "web", "sla-worker", "worker", "beat"])
def test_what_is_ours_may_write_nowhere_and_gain_nothing(name: str) -> None:
    service = SERVICES[name]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
