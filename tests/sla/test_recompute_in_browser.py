"""A correction under way, in a real browser: the page counts on by itself and lets a reader be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from calendars.models import Calendar
from calendars.queries import current_version
from sla.models import Recompute
from tests.factories import make_calendar, make_person

pytestmark = pytest.mark.browser
SignIn = Callable[[Any], Page]


def under_way(calendar: Calendar) -> Recompute:
    now = timezone.now()
    return Recompute.objects.create(
        calendar_version=current_version(calendar), requested_at=now, starts_at=now, total=3
    )


def test_it_counts_on_under_the_readers_hand_and_stops_asking_at_the_end(page: Page, sign_in: SignIn) -> None:
    calendar = make_calendar()
    recompute = under_way(calendar)
    sign_in(make_person(role="operations"))
    page.goto(reverse("sla:calendar-correct", args=[calendar.public_id]))
    again = page.get_by_role("link", name="Look again")
    again.focus()

    Recompute.objects.update(moved=2)
    expect(page.get_by_role("status").filter(has_text="2 of 3")).to_be_visible()
    expect(again).to_be_focused()
    Recompute.objects.filter(pk=recompute.pk).update(moved=3, done_at=timezone.now())
    expect(page.get_by_role("heading", name="Recomputed")).to_be_visible()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []
