"""How code of this house is written, as far as a program can see it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import APPS, PROJECT, modules, templates, tree, where

FORBIDDEN_NAMES = {"utils", "helpers", "manager", "misc", "tools"}
WALL_CLOCK = re.compile(r"\b(?:timezone|datetime)\.(?:now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(")
BELOW_THE_EDGE = ("services", "engine", "models", "queries", "events", "batch")
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)|<style\b|javascript:""", re.IGNORECASE
)
ROWS = re.compile(
    r"\.objects\b|\._(?:default|base)_manager\b|\.using\(|\.raw\(|\.cursor\(|\bget_(?:object|list)_or_404\([A-Z]"
)
SENDS = re.compile(r"\.(?:delay|apply_async|delay_on_commit)\(|\bsend_mail\(|\bEmailMessage\(|\bhttpx\.")


def below_the_edge(path: Path) -> bool:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return parts[0] not in {"alignment", "common"} and bool(set(parts[1:]) & set(BELOW_THE_EDGE))


def is_a_door(path: Path) -> bool:
    inside = path.relative_to(PROJECT).with_suffix("").parts[1]
    return inside in {"views", "api"} or inside.startswith("api_")


def lines_with(pattern: re.Pattern[str], path: Path) -> list[str]:
    return [
        where(path, number)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("app", APPS)
def test_every_module_opens_with_one_line_that_says_what_lives_here(app: str) -> None:
    silent = [
        where(path) for path in modules(app) if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]

    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [where(path) for path in modules() if path.stem in FORBIDDEN_NAMES] == []


def test_nothing_below_the_edge_reads_the_clock_on_the_wall() -> None:
    found = [line for path in modules() if below_the_edge(path) for line in lines_with(WALL_CLOCK, path)]

    assert found == []


def test_services_leave_rows_and_send_nothing() -> None:
    """Those of notifications deliver what the others left."""
    others = [path for app in APPS if app != "notifications" for path in modules(app)]

    found = [line for path in others if below_the_edge(path) for line in lines_with(SENDS, path)]

    assert found == []


def test_views_and_api_get_their_rows_from_access_and_queries() -> None:
    doors = [path for path in modules() if is_a_door(path)]

    found = [line for path in doors for line in lines_with(ROWS, path)]

    assert (found, len(doors) > 40) == ([], True)


def test_templates_hold_neither_scripts_nor_styles() -> None:
    pages = [path for path in templates() if "email" not in path.parts]

    assert [line for path in pages for line in lines_with(INLINE, path)] == []


def test_every_template_says_first_what_it_needs() -> None:
    silent = [
        path for path in templates() if not re.match(r"\{[#%]|<!doctype", path.read_text(), re.IGNORECASE)
    ]

    assert [where(path) for path in silent] == []


def test_nothing_waits_for_somebody_without_an_issue() -> None:
    marked = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")

    assert [line for path in modules() for line in lines_with(marked, path)] == []
