"""Rows that seldom change are read whole once, and again as soon as they did change."""

from __future__ import annotations

import pytest
from django.db import transaction

from calendars.models import Calendar
from common.database.remembered import Remembered
from tests.factories import make_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def remembered() -> Remembered[Calendar]:
    return Remembered(Calendar, lambda keys: Calendar.objects.filter(pk__in=keys))


def names(remembered: Remembered[Calendar]) -> list[str]:
    return [calendar.name for calendar in remembered.where("id > 0 ORDER BY id")]


def test_what_did_not_change_is_asked_for_in_one_statement(remembered, django_assert_num_queries) -> None:
    calendar = make_calendar()
    assert names(remembered) == [calendar.name]

    with django_assert_num_queries(1):
        assert names(remembered) == [calendar.name]


def test_a_change_is_seen_and_what_is_gone_is_gone(remembered) -> None:
    first, second = make_calendar(), make_calendar()
    names(remembered)

    Calendar.objects.filter(pk=first.pk).update(name="Office")
    assert names(remembered) == ["Office", second.name]
    second.versions.all().delete()
    second.delete()

    assert names(remembered) == ["Office"]


def test_what_was_rolled_back_is_forgotten(remembered) -> None:
    calendar = make_calendar()
    with transaction.atomic():
        Calendar.objects.filter(pk=calendar.pk).update(name="Never")
        assert names(remembered) == ["Never"]
        transaction.set_rollback(True)

    assert names(remembered) == [calendar.name]
