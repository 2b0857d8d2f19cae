"""CSV that leaves: no formula reaches a spreadsheet, numbers stay numbers (S19, I05)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.web.csv_export import escape, unescape, write_csv


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        "\u200b=1",
        "'=1",
    ],
)
def test_what_a_spreadsheet_would_calculate_gets_a_mark(text: str) -> None:
    assert escape(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Acme", "a=1", "1+1", "'quoted'", "lead@buyer.example", "it's"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert (escape(text), unescape(text)) == (text, text)


@given(st.text() | st.text(alphabet="'=+-@ \t\r\n＝a"))
def test_taking_the_mark_away_gives_back_what_it_was_put_before(text: str) -> None:
    assert unescape(escape(text)) == text


def test_numbers_and_phone_columns_stay_usable() -> None:
    rows = [["Lena", "+4930123456", Decimal("-12.50"), None], ["-x", "+not a phone", -3, True]]

    text = "".join(write_csv(["name", "phone", "amount", "note"], rows, phones={"phone"}))

    assert text == "\ufeffname,phone,amount,note\r\nLena,+4930123456,-12.50,\r\n'-x,'+not a phone,-3,True\r\n"
