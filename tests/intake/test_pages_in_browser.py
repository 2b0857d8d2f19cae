"""Importing in a real browser with a real worker; every page of it without a violation of accessibility."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import Popen
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from leads.models import Lead
from tests.factories import make_marketer
from tests.intake.test_pages import SCANS

pytestmark = pytest.mark.browser
SignIn = Callable[[Any], Page]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def test_a_file_goes_all_the_way_with_a_real_worker(
    page: Page, sign_in: SignIn, live_worker: Popen[bytes]
) -> None:
    sign_in(make_marketer(name="Priya Raman"))
    page.goto("/import/")
    found = violations(page)
    page.get_by_label("CSV file").set_input_files(
        {"name": "scans.csv", "mimeType": "text/csv", "buffer": SCANS}
    )
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_label("Field for Job")).to_have_value("title")
    found += violations(page)

    page.get_by_role("button", name="Check rows").click()
    expect(page.get_by_text("2 of 4 rows cannot be imported.")).to_be_visible(timeout=30_000)
    found += violations(page)
    page.get_by_role("button", name="Import 2 rows").click()

    expect(page.get_by_role("heading", name="scans.csv is imported")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("cell", name="31/11/2025 10:20")).to_be_visible()
    assert found + violations(page) == []
    assert Lead.objects.count() == 2
