"""CSV that leaves the product: safe to open in a spreadsheet, and readable again as it was (S19)."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import StringIO

BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
MARK = "'"
# What a spreadsheet takes for a formula, also after blanks and in full width; marks before it count along, so
# that taking one away gives back exactly what one was put before.
_BLANK = r"[\s\ufeff\u200b]*"
_FORMULA = re.compile(rf"{MARK}*(?:{_BLANK}[=+\-@＝＋－＠]|[ ]*[\t\r\n])")
_E164 = re.compile(r"\+[1-9]\d{6,14}")

Cell = object


def escape(text: str) -> str:
    """The text with a mark before it where a spreadsheet would calculate."""
    return MARK + text if _FORMULA.match(text) else text


def unescape(text: str) -> str:
    """Takes away the mark that `escape` added, and no other."""
    return text[1:] if text.startswith(MARK) and _FORMULA.match(text, 1) else text


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, phones: Collection[str] = ()
) -> Iterator[str]:
    """The file in pieces (RFC 4180 with a byte order mark). Columns in `phones` keep E.164 numbers bare."""
    bare = [name in phones for name in header]
    yield BOM + _line([escape(name) for name in header])
    for row in rows:
        yield _line([_cell(value, phone) for value, phone in zip(row, bare, strict=True)])


def _cell(value: Cell, phone: bool) -> str:
    """Numbers are calculated with, so they stay numbers; everything else is text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return value if phone and _E164.fullmatch(value) else escape(value)


def _line(cells: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
