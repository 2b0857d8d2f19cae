"""The production installation is described as promised. No container engine is needed to read it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    return described


def test_everything_that_production_needs_is_there(services: dict[str, Any]) -> None:
    assert sorted(services) == ["beat", "broker", "database", "migrate", "sla-worker", "web", "worker"]


def test_no_demo_in_production(services: dict[str, Any]) -> None:
    ours = [service for service in services.values() if service.get("image") == "baton"]

    assert [service["environment"]["DEMO"] for service in ours] == ["0"] * 5


def test_only_migrations_know_the_owner_of_the_schema(services: dict[str, Any]) -> None:
    informed = [
        name for name, service in services.items() if "MIGRATION_DATABASE_URL" in service["environment"]
    ]

    assert informed == ["migrate"]


@pytest.mark.parametrize("name", ["database", "broker", "sla-worker", "worker", "beat"])
def test_a_service_says_whether_it_is_well(services: dict[str, Any], name: str) -> None:
    assert services[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", ["sla-worker", "worker"])
def test_workers_do_not_talk_among_themselves(services: dict[str, Any], name: str) -> None:
    """What they would say of each other is of no use here, and restarting it fails when the broker dies (E05)."""
    assert {"--without-gossip", "--without-mingle"} <= set(services[name]["command"])


def test_the_image_runs_as_nobody_special_and_checks_itself() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()

    assert "USER baton" in lines
    assert [line.split()[0] for line in lines if line.startswith("HEALTHCHECK")] == ["HEALTHCHECK"]
