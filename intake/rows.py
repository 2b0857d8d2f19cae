"""Reading the rows of one file of a kind into drafts, each with the first thing that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

from intake.mapping import Layout
from intake.reading import Problem, Row, Table
from intake.references import Directory
from intake.report import Report

Value = TypeVar("Value")
Cells = dict[str, str]


class RowProblemError(Exception):
    """A row cannot be imported."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


class Reader:
    """What reading a row needs: where the fields stand, what names mean, and what time it is."""

    def __init__(self, table: Table, layout: Layout, directory: Directory, at: datetime) -> None:
        self.table, self.layout, self.directory, self.at = table, layout, directory, at

    def anew(self) -> Reader:
        """The same file for a transaction of its own: what another one made and took back is not remembered."""
        return Reader(self.table, self.layout, self.directory.anew(), self.at)

    def rows(self, report: Report | None = None) -> Iterator[tuple[Row, Cells]]:
        """The rows that can be read as such; the others are refused in the report, if there is one."""
        for row in self.table.rows():
            if row.problem is None:
                yield row, self.layout.cells(row)
            elif report is not None:
                report.refuse(row.line, row.problem)

    def needed(self, cells: Cells, name: str) -> str:
        if name not in cells:
            raise self.problem(cells, name, "This cell is empty.")
        return cells[name]

    def optional(self, cells: Cells, name: str, read: Callable[[str], Value]) -> Value | None:
        """The value of a cell, None where it is empty. Raises RowProblemError."""
        if name not in cells:
            return None
        try:
            return read(cells[name])
        except ValueError as error:
            raise self.problem(cells, name, str(error)) from error

    def text(self, cells: Cells, name: str, size: int) -> str:
        text = cells.get(name, "")
        if len(text) > size:
            raise self.problem(cells, name, f"Enter at most {size} characters.")
        return text

    def past(self, cells: Cells, name: str) -> datetime | None:
        return self.optional(cells, name, lambda text: self.layout.mapping.dates.read_past(text, self.at))

    def problem(self, cells: Cells, name: str, reason: str) -> RowProblemError:
        return RowProblemError(Problem(self.layout.column(name), cells.get(name, ""), reason))
