"""The rows behind a figure as lines of a file: the columns of the page, moments in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboards.drill_lines import HEADS, Cell, lines, shape
from dashboards.drilldown import Drill, page_of

SIZE = 500


def header_of(drill: Drill) -> Sequence[str]:
    """As the history files name things: lower case, words joined by `_`."""
    return [head.lower().replace(" ", "_") for head in HEADS[shape(drill)]]


def lines_of(drill: Drill) -> Iterator[Sequence[object]]:
    """One line a row, read in pages, so that no file is ever held whole. Moments are ISO 8601 in UTC."""
    cursor = ""
    while True:
        page = page_of(drill, cursor, size=SIZE)
        for line in lines(drill, page):
            yield [line.name, *map(_value, line.cells)]
        cursor = page.next
        if not cursor:
            return


def _value(cell: Cell) -> str:
    if cell.clock:
        return str(cell.clock["words"])
    return cell.at.isoformat() if cell.at else cell.text
