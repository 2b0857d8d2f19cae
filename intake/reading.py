"""From a file to rows: delimiter, quotes, line ends, and each row built from nothing (H01)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from common.web.csv_export import unescape
from intake.encodings import UnreadableError, decode, is_broken

MAX_COLUMNS = 200
MAX_CELL = 32 * 1_024
MAX_BLANK = 100_000  # rows that hold nothing; a file of line ends alone would keep a reader busy for minutes
DELIMITERS = [",", ";", "\t", "|"]
_SAMPLE = 64 * 1_024
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SEP = re.compile(r'"?sep=([^\r\n"\0])"?\s*(?:\r\n|\r|\n)', re.IGNORECASE)  # how Excel is told the delimiter

csv.field_size_limit(2**31 - 1)  # a larger cell is one row's problem (below), never the parser's (H04)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be imported: the column as the file names it, the cell, a sentence."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file. Lines count from 1 with the header, as a spreadsheet numbers them."""

    line: int
    cells: tuple[str, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that could be read. Its rows are parsed anew each time they are asked for."""

    header: tuple[str, ...]
    encoding: str
    delimiter: str
    text: str

    def rows(self) -> Iterator[Row]:
        """Every row that holds something; blank ones are numbered but not given.

        Raises UnreadableError where there are too many of those.
        """
        records = _records(self.text, self.delimiter)
        next(records)
        blank = 0
        for line, record in records:
            if isinstance(record, csv.Error):
                yield Row(line, (), _malformed(record))
            elif any(cell and not cell.isspace() for cell in record):
                yield self._row(line, record)
            else:
                blank += 1
                if blank > MAX_BLANK:
                    raise UnreadableError(f"The file has more than {MAX_BLANK:,} empty rows. Take them out.")

    def _row(self, line: int, record: list[str]) -> Row:
        cells = tuple(unescape(cell) if cell[:1] == "'" else cell for cell in record)
        return Row(line, cells, self._problem(cells))

    def _problem(self, cells: tuple[str, ...]) -> Problem | None:
        for column, cell in zip(self.header, cells, strict=False):
            if len(cell) > MAX_CELL:
                return Problem(column, cell[:200], f"This cell is longer than {MAX_CELL // 1_024} KB.")
            if "\0" in cell:
                return Problem(column, cell.replace("\0", "␀")[:200], "This cell holds a NUL character.")
            if is_broken(cell):
                shown = cell.encode("utf-8", "replace").decode()[:200]
                return Problem(column, shown, f"This cell holds bytes that are not {self.encoding.upper()}.")
        if len(cells) != len(self.header):
            count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
            return Problem("", "", f"This row has {count}, the header has {len(self.header)}.")
        return None


def read(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """Read a file. Raises UnreadableError with a sentence when it cannot be read as a whole."""
    text, name = decode(content, encoding)
    hint = _SEP.match(text)
    if hint:
        text = text[hint.end() :]
    found = delimiter or (hint.group(1) if hint else "") or _delimiter(text)
    _, record = next(_records(text, found), (1, []))
    if isinstance(record, csv.Error):
        raise UnreadableError("The quotes in the header row do not match.")
    header = tuple(unescape(cell).strip() for cell in record)
    _check_header(header)
    return Table(header, name, found, text)


def _check_header(header: tuple[str, ...]) -> None:
    if not any(header):
        raise UnreadableError("The file is empty, or its first row is: it must hold the column names.")
    if len(header) > MAX_COLUMNS:
        raise UnreadableError(
            f"The file has {len(header)} columns; {MAX_COLUMNS} are the most that can be read."
        )
    for number, name in enumerate(header, start=1):
        if not name:
            raise UnreadableError(f"Column {number} has no name in the header row.")
        if "\0" in name or is_broken(name) or len(name) > 200:
            raise UnreadableError(f"The name of column {number} cannot be read.")


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Records with their numbers; what cannot be parsed comes as its error, and parsing goes on behind it."""
    lines = (match.group() for match in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, error


def _malformed(error: csv.Error) -> Problem:
    if "unexpected end" in str(error):
        return Problem("", "", "A quote that opens here is never closed; the rest of the file is inside it.")
    return Problem("", "", "The quotes in this row do not match.")


def _delimiter(text: str) -> str:
    """By pattern over a sample; a file of one column has none, and a comma does no harm."""
    from clevercsv import Detector  # noqa: PLC0415 - it looks at all of Unicode first: a tenth of every start

    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    in_header = [mark for mark in DELIMITERS if mark in (_LINE.match(text) or [""])[0]]
    if len(in_header) < 2:
        return in_header[0] if in_header else ","
    readable = (
        sample.encode("utf-8", "replace").decode().replace("\0", "?")
    )  # the detector stumbles over others
    dialect = Detector().detect(readable, delimiters=in_header)
    found = dialect.delimiter if dialect else ""
    return str(found) if found in in_header else in_header[0]
