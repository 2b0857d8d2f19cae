"""Trying a due time on the page of a calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from calendars import services
from calendars.queries import current_version
from calendars.services import Names
from tests.factories import make_calendar
from tests.sla.test_calendar_pages import errors_on, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def due_on(answer: Any) -> list[str]:
    return re.findall(r'role="status"><span[^>]*>Due</span><b>([^<]+)</b>', answer.content.decode())


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-06-05T16:30", "1 h", "Mon 8 Jun 2026, 09:30"),  # golden case (a)
        ("2026-06-03T07:00", "2h", "Wed 3 Jun 2026, 11:00"),  # golden case (c)
        ("2026-06-03T09:00", "2 h 30 m", "Wed 3 Jun 2026, 11:30"),
        ("2026-06-03T09:00", "45 min", "Wed 3 Jun 2026, 09:45"),
    ],
)
def test_a_due_time_can_be_tried(start: str, amount: str, due: str) -> None:
    calendar = make_calendar(tz="Europe/Oslo")

    answer = signed_in("").get(page_of(calendar), {"start": start, "amount": amount})

    assert due_on(answer) == [due]


@pytest.mark.parametrize(
    ("start", "amount", "field"),
    [
        ("soon", "1 h", "start"),
        ("2026-06-03T09:00", "1 parsec", "amount"),
        ("2026-06-03T09:00", "", "amount"),
    ],
)
def test_a_try_that_makes_no_sense_says_so(start: str, amount: str, field: str) -> None:
    calendar = make_calendar()

    answer = signed_in("").get(page_of(calendar), {"start": start, "amount": amount})

    assert (answer.status_code, errors_on(answer), due_on(answer)) == (422, [field], [])


def test_a_tried_due_time_says_its_minutes_and_the_days_that_do_not_count_a10() -> None:
    calendar = make_calendar()
    rules = current_version(calendar).rules | {"breaks": {"2026-06-09": [["08:00", "18:00"]]}}
    services.revise_named(calendar, rules, Names({date(2026, 6, 5): "Constitution Day"}), by=None)

    shown = text_of(signed_in("").get(page_of(calendar), {"start": "2026-06-04T16:00", "amount": "600 m"}))

    assert (
        "Due Wed 10 Jun 2026, 10:00 UTC, after 600 business minutes Does not count: Fri 5 Jun (Constitution Day), "
        "Sat 6 Jun (no hours), Sun 7 Jun (no hours), Tue 9 Jun (closed for the hours it has)"
    ) in shown


def test_ten_thousand_minutes_can_be_tried_a10() -> None:
    calendar = make_calendar({day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})

    answer = signed_in("").get(page_of(calendar), {"start": "2026-06-01T09:00", "amount": "10000 m"})

    assert due_on(answer) == ["Mon 29 Jun 2026, 15:40"]
    assert "after 10,000 business minutes" in text_of(answer)
