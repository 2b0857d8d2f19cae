"""Reading files: every encoding, delimiter and line end; a bad row is one row's problem (H01, H03, H04)."""

from __future__ import annotations

import csv
import io
import json
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.web.csv_export import write_csv
from intake.encodings import UnreadableError
from intake.reading import MAX_CELL, read
from tests.intake.files import lines, shared

HEADER = ["name", "email", "note"]
TEN = [[f"Jürgen Möller {n}", f"lead{n}@buyer.example", f"says “{n}”,\nthen; more\t|"] for n in range(10)]
BOMS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "cp1252": None}


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def cells(content: bytes) -> list[tuple[str, ...]]:
    table = read(content)
    return [table.header, *(row.cells for row in table.rows())]


def problems(content: bytes) -> list[tuple[int, str]]:
    return [(row.line, row.problem.reason) for row in read(content).rows() if row.problem]


@pytest.mark.parametrize(
    ("encoding", "bom", "delimiter", "end"),
    [
        case
        for case in product(
            ["utf-8", "utf-16-le", "utf-16-be", "cp1252"], [True, False], ",;\t", ["\n", "\r\n", "\r"]
        )
        if not (case[0] == "cp1252" and case[1])
    ],
)
def test_the_same_ten_leads_come_out_of_every_way_to_write_them(
    encoding: str, bom: bool, delimiter: str, end: str
) -> None:
    """H03: byte order mark x encoding x delimiter x line end x quoted line breaks."""
    text = written([HEADER, *TEN], delimiter, end)

    content = (("\ufeff" if bom else "") + text).encode(encoding)

    assert cells(content) == [tuple(row) for row in [HEADER, *TEN]]


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf_32_is_read_with_and_without_its_mark(encoding: str) -> None:
    text = written([HEADER, *TEN])

    with_mark, without = ("\ufeff" + text).encode(encoding), text.encode(encoding)

    assert cells(with_mark) == cells(without) == [tuple(row) for row in [HEADER, *TEN]]


def test_cyrillic_code_pages_are_told_from_western_ones() -> None:
    rows = [["имя", "город"], ["Иван Петров", "Москва"], ["Анна Смирнова", "Новосибирск"]]

    content = written(rows).encode("cp1251")

    assert cells(content) == [tuple(row) for row in rows]


def test_rows_with_an_empty_email_take_none_from_the_row_above() -> None:
    """H01."""
    content = lines("name,email", "a,a@x.example", "b,", "c,c@x.example", "d,", "e,e@x.example")

    assert cells(content)[1:] == [
        ("a", "a@x.example"),
        ("b", ""),
        ("c", "c@x.example"),
        ("d", ""),
        ("e", "e@x.example"),
    ]


def test_lines_count_from_one_with_the_header_and_blank_rows_count() -> None:
    content = lines("a,b", "1,2", "", ",", "3,4")

    assert [row.line for row in read(content).rows()] == [2, 5]


def test_a_hundred_thousand_blank_rows_at_the_end_are_no_rows() -> None:
    content = lines("a,b", "1,2") + b",\n" * 50_000 + b"\n" * 50_000

    assert [row.cells for row in read(content).rows()] == [("1", "2")]


def test_huge_cells_and_null_characters_spoil_only_their_row() -> None:
    """H04: more than the parser's own limit of 131,072 bytes, and a character PostgreSQL cannot store."""
    content = lines("a,b", "1,2", "x" * 200_000 + ",2", "nu\0ll,2", "3,4")

    assert problems(content) == [
        (3, f"This cell is longer than {MAX_CELL // 1024} KB."),
        (4, "This cell holds a NUL character."),
    ]
    assert [row.cells for row in read(content).rows() if not row.problem] == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("1", "This row has 1 cell, the header has 2.", id="shorter"),
        pytest.param("1,2,3", "This row has 3 cells, the header has 2.", id="longer"),
        pytest.param('1,"2" 3', "The quotes in this row do not match.", id="text after a quote"),
    ],
)
def test_a_row_that_does_not_fit_is_named_and_the_next_ones_are_read(row: str, reason: str) -> None:
    content = lines("a,b", row, "3,4")

    assert problems(content) == [(2, reason)]
    assert [row.cells for row in read(content).rows() if not row.problem] == [("3", "4")]


def test_a_quote_that_is_never_closed_is_named_where_it_opens() -> None:
    content = lines("a,b", "1,2", '3,"4', "5,6")

    assert problems(content) == [
        (3, "A quote that opens here is never closed; the rest of the file is inside it.")
    ]


def test_a_few_bytes_that_are_not_utf_8_spoil_only_their_row() -> None:
    rows = [f"Jürgen {n},Köln" for n in range(20)]
    content = lines("name,city", *rows) + b"J\xfcrgen,Bonn\n"

    assert problems(content) == [(22, "This cell holds bytes that are not UTF-8.")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n\n", "The file is empty", id="only blank rows"),
        pytest.param(b"a,,c\n1,2,3\n", "Column 2 has no name", id="header without a name"),
        pytest.param(b"<!DOCTYPE html><html>", "This is a web page", id="web page"),
        pytest.param(b"\n  <table><tr><td>a", "This is a web page", id="table of a web page"),
        pytest.param(b"PK\x03\x04rest", "This is an Excel workbook", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0rest", "This is an old Excel workbook", id="xls"),
        pytest.param(
            b",".join(b"c%d" % n for n in range(201)), "The file has 201 columns", id="too many columns"
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(content)

    assert refused.value.message.startswith(sentence)


def test_excels_own_hint_about_the_delimiter_is_followed() -> None:
    assert cells(b"sep=;\r\na;b\r\n1,5;2\r\n") == [("a", "b"), ("1,5", "2")]


def test_commas_in_a_file_of_semicolons_stay_in_their_cells() -> None:
    assert cells(lines("name;size, about", "Acme, Inc.;1,5", "Beta;2,25")) == [
        ("name", "size, about"),
        ("Acme, Inc.", "1,5"),
        ("Beta", "2,25"),
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is no finding
@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_what_was_exported_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    """H06 and S19: any text of Unicode survives, also formulas and what looks like our own mark."""
    kept = [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    kept = [row for row in kept if not any("\0" in cell for cell in row)]

    content = "".join(write_csv(["name", "note"], kept)).encode()

    assert cells(content) == [("name", "note"), *kept]


@pytest.mark.parametrize("spoilt", [b"\x9d", b"\0", b'"\0'])
def test_a_spoilt_byte_beside_two_kinds_of_delimiters_is_told_as_such(spoilt: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(b"a,b;" + spoilt + b"\n1,2;3\n", encoding="utf-8")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        lines_read = [row.line for row in read(content).rows()]
    except UnreadableError:
        return

    assert lines_read == sorted(set(lines_read) - {0, 1})


@pytest.mark.parametrize(
    "name",
    ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
     "quotes_and_newlines", "simple", "simple_crlf", "utf8"],
)  # fmt: skip
def test_csv_spectrum_is_read_as_it_expects(name: str) -> None:
    folder = shared("importer_fixtures") / "csv-spectrum"

    table = read((folder / "csvs" / f"{name}.csv").read_bytes())

    expected = json.loads((folder / "json" / f"{name}.json").read_text())
    assert [dict(zip(table.header, row.cells, strict=True)) for row in table.rows()] == expected


@pytest.mark.parametrize("mark", ["UTF8", "UTF16LE", "UTF16BE", "UTF32LE", "UTF32BE"])
def test_dataloader_files_with_marks_are_read_even_where_the_mark_is_wrong(mark: str) -> None:
    """Its UTF-32 files begin with the mark of UTF-16."""
    folder = shared("importer_fixtures") / "dataloader"

    found = cells((folder / f"csvtext_BOM_{mark}.csv").read_bytes())

    assert found == cells((folder / "csvtext.csv").read_bytes())


@pytest.mark.parametrize(
    ("name", "rows"),
    [("accountData", 423), ("accountsForInsert", 4), ("csvEscapedQuotes", 2), ("opportunityData", 38)],
)
def test_exports_of_another_crm_are_read_row_by_row(name: str, rows: int) -> None:
    folder = shared("importer_fixtures") / "dataloader"

    table = read((folder / f"{name}.csv").read_bytes())

    found = list(table.rows())
    assert (len(found), [row for row in found if row.problem]) == (rows, [])
