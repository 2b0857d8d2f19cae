"""The source files that the rules of the house are about."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = (
    "common",
    "calendars",
    "accounts",
    "definitions",
    "leads",
    "sla",
    "intake",
    "desk",
    "trials",
    "dashboards",
    "notifications",
    "alignment",
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*apps: str) -> list[Path]:
    """Python files of the apps, migrations apart."""
    found = (path for app in apps or APPS for path in (PROJECT / app).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def modules_of_tests() -> list[Path]:
    return sorted((PROJECT / "tests").rglob("*.py"))


def templates() -> list[Path]:
    return sorted((PROJECT / "templates").rglob("*.html"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def where(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(PROJECT)}:{line}"


def length(node: Function) -> int:
    """Lines of the function without its decorators and its docstring."""
    documented = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (len(documented.splitlines()) if documented else 0)
