"""What README says of variables, apps and commands is what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from alignment.settings import APPS

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text()
READ = re.compile(r"""(?:text|flag|number|words)\(\s*"([A-Z_]+)\"""")
OURS = {"APP_DATABASE_ROLE", "TEST_TEMPLATE"}  # set by our own programs
ONLY_COMPOSE = {"OWNER_PASSWORD", "DATABASE_PASSWORD", "BROKER_PASSWORD"}  # it makes the addresses of them


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str) -> set[str]:
    """The words in backticks in the first column of the table of a section."""
    rows = re.findall(r"^\| ([^|]+) \|", section(title), re.MULTILINE)
    return {word for cell in rows for word in re.findall(r"`(\w+)`", cell)}


def test_every_variable_that_is_read_is_explained_and_none_in_vain() -> None:
    read = {name for file in (PROJECT / "alignment").rglob("*.py") for name in READ.findall(file.read_text())}
    example = re.findall(r"^(\w+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)

    assert first_cells("Configuration") | {*example} - ONLY_COMPOSE == read - OURS


def test_the_map_shows_the_apps_in_the_line_that_is_checked() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "line-of-apps")
    line = [layer if "|" not in layer else f"{{ {layer} }}" for layer in reversed(layers)]

    assert f"\n{' < '.join(line)}\n" in section("The map")
    assert first_cells("The map") == {app.partition(".")[0] for app in APPS}


def test_the_commands_that_are_named_are_there() -> None:
    targets = set(re.findall(r"^(\w+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    commands = {file.stem for file in PROJECT.glob("*/management/commands/*.py")}

    assert set(re.findall(r"\bmake ([a-z]+)\b", README)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)\b", README)) <= commands
