"""A hand that counts what it does: the click budget of the design, held by tests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page


class Hand:
    """Clicks and presses keys; each counts as one act."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.acts += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.acts += 1

    @contextmanager
    def spends(self, budget: int) -> Generator[None, None, None]:
        """What is done inside takes exactly this many clicks and keys."""
        before = self.acts
        yield
        assert self.acts - before == budget
