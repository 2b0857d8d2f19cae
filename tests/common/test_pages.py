"""Keyset pages: every row once, forwards and back, and no cursor but our own."""

from __future__ import annotations

import pytest
from django.core import signing

from common.models import Outbox
from common.refusals import Invalid
from common.web.pages import keyset_page
from tests.factories import NOON, SECOND

ORDER = ("topic", "-at", "id")


def make_rows(number: int) -> list[int]:
    rows = [
        Outbox.objects.create(topic=f"t{n % 3}", subject=n, at=NOON + SECOND * (n % 4)) for n in range(number)
    ]
    return [row.pk for row in sorted(rows, key=lambda row: (row.topic, -row.at.timestamp(), row.pk))]


def test_walking_on_and_back_shows_every_row_once_in_order(db: None) -> None:
    expected = make_rows(23)

    page = keyset_page(Outbox.objects.all(), ORDER, size=5)
    forwards = [page]
    while page.next:
        page = keyset_page(Outbox.objects.all(), ORDER, cursor=page.next, size=5)
        forwards.append(page)
    backwards = [page]
    while page.previous:
        page = keyset_page(Outbox.objects.all(), ORDER, cursor=page.previous, size=5)
        backwards.append(page)

    assert [row.pk for page in forwards for row in page.rows] == expected
    assert [[row.pk for row in page.rows] for page in reversed(backwards)] == [
        [row.pk for row in page.rows] for page in forwards
    ]
    assert [page.words for page in forwards] == ["1 to 5", "6 to 10", "11 to 15", "16 to 20", "21 to 23"]
    assert [page.start for page in backwards] == [21, 16, 11, 6, 1]


def test_a_row_added_before_the_page_moves_nothing_on_it(db: None) -> None:
    expected = make_rows(10)
    first = keyset_page(Outbox.objects.all(), ORDER, size=5)

    Outbox.objects.create(topic="a", subject=99, at=NOON)

    second = keyset_page(Outbox.objects.all(), ORDER, cursor=first.next, size=5)
    assert [row.pk for row in second.rows] == expected[5:]


def test_an_empty_list_has_no_neighbours(db: None) -> None:
    page = keyset_page(Outbox.objects.all(), ORDER)

    assert (page.rows, page.previous, page.next, page.words) == ([], "", "", "")


@pytest.mark.parametrize(
    "cursor",
    ["x", "\x00", signing.dumps([[1], False, 1], salt="other"), "é" * 500],
    ids=["a letter", "a zero byte", "another salt", "too long"],
)
def test_a_cursor_of_nobodys_making_is_refused(db: None, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        keyset_page(Outbox.objects.all(), ORDER, cursor=cursor)

    assert list(refused.value.errors) == ["cursor"]


def test_a_cursor_of_another_order_is_refused(db: None) -> None:
    make_rows(10)
    other = keyset_page(Outbox.objects.all(), ("id",), size=5).next

    with pytest.raises(Invalid):
        keyset_page(Outbox.objects.all(), ORDER, cursor=other)
