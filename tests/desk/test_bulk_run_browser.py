"""The page of a long list in a real browser: it follows the worker by itself, and lets a reader be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from desk.models import BulkRun
from desk.services import bulk_runs
from desk.services.bulk_runs import Order
from desk.tasks import run_bulk
from tests.factories import make_marketer, make_mql, make_team

pytestmark = pytest.mark.browser
SignIn = Callable[[Any], Page]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> BulkRun:
    """Three leads, one a portion, and time for one at a go."""
    passed = count(step=200.0)
    monkeypatch.setattr(bulk_runs, "monotonic", lambda: next(passed))
    monkeypatch.setattr(bulk_runs, "PORTION", 1)
    order = Order("offer", {"to": f"team:{make_team().public_id}"}, "offered", "view=offer")
    return bulk_runs.start(order, [make_mql().pk for _ in range(3)], by=make_marketer())


def test_it_counts_on_under_the_readers_hand_and_tells_the_end(
    page: Page, sign_in: SignIn, run: BulkRun
) -> None:
    sign_in(run.by)
    page.goto(reverse("desk:queue-run", args=[run.public_id]))
    again = page.get_by_role("link", name="Look again")
    again.focus()

    for done in (1, 2):
        run_bulk(run.pk)
        expect(page.get_by_role("status").filter(has_text=f"{done} of 3")).to_be_visible()
        expect(again).to_be_focused()
    run_bulk(run.pk)

    expect(page.get_by_role("heading", name="3 of 3 leads offered.")).to_be_visible()
