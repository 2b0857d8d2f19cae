"""What is no JSON, or more of it than any call needs, is refused before anything is built of it."""

from __future__ import annotations

import json

import pytest

from tests.api.callers import make_world

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b'{"email": "\\ud800@b.example"}', b"[" * 100_000, b'{"employees": NaN}'],
    ids=["half", "nothing", "no utf-8", "half a character", "deep", "nan"],
)
@pytest.mark.parametrize("address", ["leads/", "touches/", "handoffs/"])
def test_unreadable_json_is_400_or_422_and_never_a_crash(address: str, body: bytes) -> None:
    answer = make_world().marketing.raw(address, body)

    assert answer.status_code in ((422,) if not body else (400,))
    assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', "5", "true"])
@pytest.mark.parametrize("address", ["leads/", "touches/", "handoffs/"])
def test_json_that_is_no_object_422(address: str, body: str) -> None:
    assert make_world().marketing.raw(address, body.encode()).status_code == 422


def test_a_huge_body_is_refused_before_it_is_parsed() -> None:
    body = json.dumps({"email": "a@b.example", "title": "x" * 1_100_000}).encode()

    answer = make_world().marketing.raw("leads/", body)

    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def nested(levels: int) -> bytes:
    return b'{"custom": ' * (levels - 1) + b"[" + b'"}{][:\\""' + b"]" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        (nested(900), "20 levels"),
        (nested(21), "20 levels"),
        (json.dumps({str(key): "" for key in range(1_001)}).encode(), "1,000"),
        (json.dumps({"custom": [{"a": 1}] * 1_000}).encode(), "1,000"),
    ],
    ids=["900 levels", "21 levels", "1,001 keys", "1,001 keys in a list"],
)
def test_json_of_more_levels_or_keys_than_any_call_needs_400_s25(body: bytes, limit: str) -> None:
    answer = make_world().marketing.raw("leads/", body)

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert limit in answer.json()["detail"]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-7", "latin-1", "hex", "nonsense"])
def test_json_in_another_charset_than_utf_8_415_s25(charset: str) -> None:
    """Its levels and keys could not be counted before it is built."""
    body = ("[" * 100_000).encode("utf-16-le")

    answer = make_world().marketing.raw("leads/", body, f"application/json; charset={charset}")

    assert (answer.status_code, answer["Content-Type"]) == (415, PROBLEM)
    assert "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf8"'])
def test_json_may_say_that_it_is_utf_8(charset: str) -> None:
    body = json.dumps({"email": "a@b.example", "title": "Größe"}, ensure_ascii=False).encode()

    answer = make_world().marketing.raw("leads/", body, f"application/json; charset={charset}")

    assert (answer.status_code, answer.json()["title"]) == (201, "Größe")


def test_levels_and_keys_within_a_text_count_as_text_s25() -> None:
    body = json.dumps({"email": "a@b.example", "title": '{"a\\":[' * 20}).encode()

    marketing = make_world().marketing

    assert marketing.raw("leads/", body).status_code == 201
    assert marketing.raw("leads/", nested(20)).status_code == 422


def test_a_form_is_not_json_415() -> None:
    assert (
        make_world().marketing.raw("leads/", b"email=a", "application/x-www-form-urlencoded").status_code
        == 415
    )
