"""Files as people bring them, and importing them in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake.history import Request, import_file
from intake.mapping import Mapping
from intake.references import CREATABLE
from intake.report import Report

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def shared(name: str) -> Path:
    """A folder of sample data beside the project; the test is skipped where there is none."""
    folder = SHARED / name
    if not folder.exists():
        pytest.skip(f"the sample data {name} does not lie beside the project")
    return folder


def lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def load(
    kind: str, *rows: str, create: str = "", mapping: dict[str, Any] | None = None, **asked: Any
) -> Report:
    """Import rows written as lines of a file, the first one the header. `create` may be `all`."""
    wanted = frozenset(CREATABLE if create == "all" else filter(None, create.split(",")))
    request = Request(
        kind=kind, name="file.csv", create=wanted, mapping=Mapping.from_dict(mapping or {}), **asked
    )
    return import_file(lines(*rows), request)


def refusals(report: Report) -> list[tuple[int, str, str]]:
    """Line, column and value of what was refused."""
    return [(refusal.line, refusal.column, refusal.value) for refusal in sorted(report.refusals)]


def reasons(report: Report) -> list[str]:
    return [refusal.reason for refusal in sorted(report.refusals)]
