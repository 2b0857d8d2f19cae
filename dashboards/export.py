"""The rows behind a figure as lines of a file: the columns of the page, moments in full, amounts as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from dashboards.drill_lines import HEADS, Cell, lines, shape
from dashboards.drilldown import Drill, page_of

SIZE = 500


def header_of(drill: Drill) -> Sequence[str]:
    """As the history files name things: lower case, words joined by `_`. An amount has its currency beside it."""
    names = [head.lower().replace(" ", "_") for head in HEADS[shape(drill)]]
    return [both for name in names for both in ((name, "currency") if name == "amount" else (name,))]


def lines_of(drill: Drill) -> Iterator[Sequence[object]]:
    """One line a row, read in pages, so that no file is ever held whole. Moments are ISO 8601 in UTC."""
    cursor = ""
    while True:
        page = page_of(drill, cursor, size=SIZE)
        for line in lines(drill, page):
            yield [line.name, *chain.from_iterable(map(_values, line.cells))]
        cursor = page.next
        if not cursor:
            return


def _values(cell: Cell) -> tuple[object, ...]:
    if cell.money:
        return cell.money
    if cell.clock:
        return (str(cell.clock["words"]),)
    return (cell.at.isoformat() if cell.at else cell.text,)
