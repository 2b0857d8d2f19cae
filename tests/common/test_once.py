"""What one page asks many times over is asked of the database once a page."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse

from common.web.once import once_a_page, one_page

asked: list[int] = []


@once_a_page
def label() -> int:
    asked.append(1)
    return len(asked)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{label()} {label()}")


def answered(method: str) -> str:
    request = HttpRequest()
    request.method = method
    return one_page(page)(request).content.decode()


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def test_a_page_asks_once_and_the_next_page_anew() -> None:
    assert [answered("GET"), answered("HEAD")] == ["1 1", "2 2"]


def test_a_request_that_writes_asks_every_time() -> None:
    assert answered("POST") == "1 2"


def test_outside_of_a_page_everything_is_asked_anew() -> None:
    assert [label(), label()] == [1, 2]


@once_a_page
def named(word: str) -> str:
    asked.append(1)
    return f"{word}{len(asked)}"


def test_each_thing_it_is_asked_with_has_an_answer_of_its_own() -> None:
    request = HttpRequest()
    request.method = "GET"
    answer = one_page(lambda _: HttpResponse(named("a") + named("b") + named("a")))(request)

    assert answer.content.decode() == "a1b2a1"


def test_a_page_that_breaks_remembers_nothing_for_the_next() -> None:
    def breaks(request: HttpRequest) -> HttpResponse:
        label()
        raise LookupError

    request = HttpRequest()
    request.method = "GET"
    with pytest.raises(LookupError):
        one_page(breaks)(request)

    assert [label(), label()] == [2, 3]
