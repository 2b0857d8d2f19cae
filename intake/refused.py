"""The refused rows of an import as a file: as they came, with the line and the reason beside them."""

from __future__ import annotations

from collections.abc import Iterator

from common.web.csv_export import write_csv
from intake.guessing import OWN
from intake.models import ImportRun
from intake.services.runs import table_of

ADDED = tuple(f"{OWN}{name}" for name in ("line", "column", "value", "reason", "more_cells"))


def refused_rows(run: ImportRun) -> Iterator[str]:
    """The file in pieces. Corrected and without the added columns it can be imported again."""
    table = table_of(run)
    reasons = {refusal["line"]: refusal for refusal in _refusals(run)}
    rows = (
        [
            *_fitting(row.cells, len(table.header)),
            *_said(reasons[row.line]),
            "|".join(row.cells[len(table.header) :]),
        ]
        for row in table.rows()
        if row.line in reasons
    )
    return write_csv([*table.header, *ADDED], rows)


def _refusals(run: ImportRun) -> list[dict[str, object]]:
    """Runs from before all of them were kept have those that their page shows."""
    return list(run.refusals or run.report.get("refusals", []))


def _fitting(cells: tuple[str, ...], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _said(refusal: dict[str, object]) -> list[object]:
    return [refusal[name] for name in ("line", "column", "value", "reason")]
