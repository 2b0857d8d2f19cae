"""Header names, mapping files, dates and the types of new attributes (surfaces section 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from intake.attributes import Evidence
from intake.cells import Dates, read_amount
from intake.encodings import UnreadableError
from intake.mapping import Mapping
from intake.reading import Row
from leads.engine.identity import clean, normal_form

NOW = datetime(2026, 6, 3, tzinfo=UTC)


def mapped(header: tuple[str, ...], cells: tuple[str, ...], **said: Any) -> dict[str, str]:
    return Mapping.from_dict(said).layout(header, "leads").cells(Row(2, cells))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("E-Mail  Adresse", "e_mail_adresse"),
        ("  First__Name ", "first_name"),
        ("Größe (m²)", "größe_m²"),
        ("--", ""),
    ],
)
def test_headers_have_a_normal_form(header: str, name: str) -> None:
    assert normal_form(header) == name


def test_without_a_mapping_headers_are_field_names() -> None:
    found = mapped(("External ID", "E mail", "First-Name"), (" 7 ", "", "Lena"))

    assert found == {"external_id": "7", "first_name": "Lena"}


def test_a_mapping_names_ignores_and_adds() -> None:
    found = mapped(
        ("Prospect ID", "Lead Source", "Secret", "Grade"),
        ("7", "Select", "x", "A"),
        columns={"prospect id": "external_id", "Lead Source": "source"},
        constants={"country": "NO", "source": "web"},
        ignore=["secret"],
        empty=["Select"],
    )

    assert found == {"external_id": "7", "source": "web", "country": "NO", "grade": "A"}


def test_words_for_empty_count_only_when_the_mapping_names_them() -> None:
    found = mapped(("email", "a", "b"), ("x@y.example", "NULL", "-"))

    assert found == {"email": "x@y.example", "a": "NULL", "b": "-"}


@pytest.mark.parametrize(
    ("header", "said", "sentence"),
    [
        pytest.param(("email", "E-mail!", "e mail"), {}, "Two columns are called “E-mail!” and “e mail”.", id="twice"),
        pytest.param(
            ("email", "mail"), {"columns": {"mail": "email"}}, "Two columns are called “email” and “mail”.",
            id="twice by mapping",
        ),
        pytest.param(("email", "!!!"), {}, "The column “!!!” needs a name of letters or digits.", id="no letters"),
        pytest.param(("name",), {}, "The file needs a column external_id or email.", id="nobody can be told"),
        pytest.param(("email",), {"type": {}}, "A mapping is an object", id="unknown key"),
        pytest.param(("email",), {"types": {"x": "colour"}}, "There is no type “colour”", id="unknown type"),
        pytest.param(("email",), {"time_zone": "Mars/Base"}, "There is no time zone “Mars/Base”.", id="unknown zone"),
        pytest.param(("email",), {"columns": ["email"]}, "In a mapping, “columns” is", id="list for object"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_in_words(
    header: tuple[str, ...], said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnreadableError) as refused:
        Mapping.from_dict(said).layout(header, "leads")

    assert refused.value.message.startswith(sentence)


def test_columns_that_events_do_not_have_are_named() -> None:
    layout = Mapping().layout(("lead_external_id", "event", "at", "Mood"), "events")

    assert layout.unread == ("Mood",)


@pytest.mark.parametrize(
    ("said", "text", "moment"),
    [
        ({}, "2026-03-31", "2026-03-31T00:00:00+00:00"),
        ({}, "2026-03-31T14:30:00+02:00", "2026-03-31T12:30:00+00:00"),
        ({}, "2010-10-14T12:00:00.000Z", "2010-10-14T12:00:00+00:00"),
        ({"time_zone": "Europe/Berlin"}, "2026-03-29 03:30", "2026-03-29T01:30:00+00:00"),
        ({"date_format": "%d/%m/%Y"}, "03/04/2026", "2026-04-03T00:00:00+00:00"),
        ({"date_format": "%m/%d/%Y %H:%M:%S%z"}, "07/15/2009 02:14:45+0800", "2009-07-14T18:14:45+00:00"),
    ],
)
def test_dates_are_iso_in_utc_unless_the_mapping_says_otherwise(
    said: dict[str, str], text: str, moment: str
) -> None:
    dates = Mapping.from_dict(said).dates

    assert dates.read(text).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-31",
        "31/11/2026",
        "May-20",
        "45678",
        "yesterday",
        "2010-10-14T12:00:00.000Z-0300",
        "2026-13-01",
    ],
)
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="This is no date in the form"):
        Dates().read(text)


def test_a_refused_date_shows_one_that_would_do() -> None:
    with pytest.raises(ValueError, match=r"This is no date in the form 31/03/2026 14:30\."):
        Dates("%d/%m/%Y %H:%M").read("2026-03-31")


@pytest.mark.parametrize("text", ["2026-06-04", "1969-12-31", "0001-01-01"])
def test_history_lies_between_1970_and_now(text: str) -> None:
    with pytest.raises(ValueError, match="This lies"):
        Dates().read_past(text, NOW)


def test_invisible_characters_are_taken_away() -> None:
    """S21: controls and marks that turn the direction of text."""
    assert clean(" \u202eLe\x07na\u2066 ") == "Lena"


@pytest.mark.parametrize("text", ["12,50", "1.234,50", "-1", "1e3x", "10.005", "NaN", "1" + "0" * 12])
def test_amounts_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="This is no amount"):
        read_amount(text)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        pytest.param(["1", "-2.5", "0", "0.25"], "number", id="numbers"),
        pytest.param(["01", "2"], "text", id="leading zeros are text"),
        pytest.param(["+49301234", "+4930999"], "choice", id="phones are no numbers"),
        pytest.param(["4.9E+10"], "choice", id="nor what a spreadsheet made of one"),
        pytest.param(["2026-01-01", "2026-01-02T10:00:00Z"], "date", id="dates"),
        pytest.param(["yes", "No", "TRUE"], "boolean", id="yes and no"),
        pytest.param(["1", "yes"], "choice", id="mixed"),
        pytest.param([f"value {n}" for n in range(50)], "choice", id="fifty values"),
        pytest.param([f"value {n}" for n in range(51)], "text", id="fifty-one values"),
        pytest.param(
            ["Gold", "gold ", "GOLD"] + [f"v{n}" for n in range(49)], "choice", id="spellings are one value"
        ),
    ],
)
def test_the_type_of_a_new_attribute_follows_from_its_values(values: list[str], type_: str) -> None:
    evidence = Evidence(Dates())

    for value in values:
        evidence.see(value.strip())

    assert evidence.type() == type_
