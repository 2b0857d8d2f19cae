"""Moments, spans, money and rates read the same on every page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.templatetags.words import (
    breakable,
    count,
    last_moment,
    moment,
    money,
    money_full,
    pct,
    span,
    time_left,
    when,
    when_inline,
)

NOW = datetime(2026, 11, 19, 8, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (12_141, "3 h 22 m left"),
        (2_294, "38 m left"),
        (300, "5 m left"),
        (299, "4 m 59 s left"),
        (60, "1 m 00 s left"),
        (59, "59 s left"),
        (0, "0 s left"),
        (-1, "1 s late"),
        (-1_582, "26 m late"),
        (86_399, "23 h 59 m left"),
        (86_400, "1 d left"),
    ],
)
def test_time_left_shows_seconds_only_in_the_last_five_minutes(seconds, words):
    assert time_left(seconds) == words


def test_days_left_are_as_long_as_a_business_day():
    assert time_left(30 * 3600, 8) == "3 d 6 h left"


def test_a_span_pads_its_minutes():
    assert [span(timedelta(hours=2, minutes=5)), span(26 * 60), span(40), span(None)] == [
        "2 h 05 m",
        "26 m",
        "40 s",
        "no data",
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "Today 09:00"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "Today 00:30"),
        (datetime(2026, 11, 18, 14, 20, tzinfo=UTC), "Yesterday 15:20"),
        (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), "Tomorrow 10:00"),
        (datetime(2026, 11, 13, 9, 0, tzinfo=UTC), "Fri 10:00"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "Sat 21 Nov 10:00"),
        (datetime(2026, 11, 25, 9, 0, tzinfo=UTC), "Wed 25 Nov 10:00"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "26 Nov"),
        (datetime(2026, 11, 12, 9, 0, tzinfo=UTC), "12 Nov"),
        (datetime(2025, 11, 6, 9, 0, tzinfo=UTC), "6 Nov 2025"),
    ],
)
def test_a_moment_is_said_in_the_zone_of_the_reader(at, words):
    with timezone.override("Europe/Oslo"):
        assert moment(at, NOW) == words


def test_hover_gives_the_full_time_and_the_zone():
    with timezone.override("Europe/Oslo"):
        said = when(datetime(2026, 11, 18, 14, 20, tzinfo=UTC), NOW)

    assert said == (
        '<time datetime="2026-11-18T14:20:00+00:00" title="Wed 18 Nov 2026 15:20:00 Europe/Oslo">'
        "Yesterday 15:20</time>"
    )


def test_inside_a_sentence_only_relative_days_lose_their_capital():
    near, far = datetime(2026, 11, 19, 9, 0, tzinfo=UTC), datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

    assert [when_inline(near, NOW)[-19:], when_inline(far, NOW)[-17:]] == [
        ">today 09:00</time>"[-19:],
        ">Mon 09:00</time>",
    ]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(13, "Fri 4 Dec, 14:00"), (23, "the end of Fri 4 Dec"), (24, "Sat 5 Dec, 01:00")],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(hours: int, words: str) -> None:
    """In Oslo an hour later than in UTC: nobody has to wonder which midnight is meant."""
    at = datetime(2026, 12, 4, tzinfo=UTC) + timedelta(hours=hours)

    with timezone.override("Europe/Oslo"):
        assert f">{words}</time>" in last_moment(at)


def test_no_moment_says_nothing():
    assert [when(None), when_inline(None), moment(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (950, "$950"),
        (999.6, "$1k"),
        (1_500, "$1.5k"),
        (82_000, "$82k"),
        (999_600, "$1m"),
        (2_140_000, "$2.14m"),
        (-46_000, "−$46k"),
        (Decimal(0), "$0"),
        (None, "no data"),
    ],
)
def test_money_at_a_glance(amount, words):
    assert money(amount) == words


def test_money_in_full_shows_cents_only_where_there_are_some():
    assert [money_full(82_000, "EUR"), money_full(Decimal("12.5"), "NOK")] == ["€82,000", "NOK 12.50"]


def test_nothing_measured_is_never_zero_percent():
    assert [pct(None), pct(0), pct(0.8449), pct(Decimal("0.845"), 0), count(None), count(9412)] == [
        "no data",
        "0.0%",
        "84.5%",
        "85%",
        "no data",
        "9,412",
    ]


def test_an_address_breaks_behind_its_at_sign():
    assert breakable("a<b@x.example") == "a&lt;b@<wbr>x.example"
