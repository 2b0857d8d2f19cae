"""A rep's day without a mouse: every act from the inbox to a won deal and back, by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from leads.models import Deal, Handoff
from tests.e2e.hand import Hand
from tests.e2e.test_stories import AtDesk, now
from tests.e2e.world import Story, World
from tests.factories import MINUTE, NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FARTHEST = 60
FOCUSED = "() => document.activeElement.innerText?.trim().split('\\n')[0] ?? ''"


class Keys(Hand):
    """A hand on the keyboard only."""

    def reach(self, name: str) -> None:
        """Tab until the focus is on a control of this name."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED).startswith(name):
                return
        pytest.fail(f"{name!r} is not reached by {FARTHEST} tabs")

    def choose(self, *keys: str) -> None:
        """A key that asks, then what answers in the dialog."""
        self.press(keys[0])
        expect(self.page.locator("#dialog[open]")).to_be_visible()
        for key in keys[1:]:
            self.press(key)

    def told(self, words: str) -> None:
        expect(self.page.locator("#toast")).to_contain_text(words)
        expect(self.page.locator("#dialog[open]")).to_have_count(0)


@pytest.fixture
def third(world: World, story: Story) -> Handoff:
    return world.offered("Nils Aas", NOON - 30 * MINUTE)


def test_a_rep_answers_works_wins_and_reopens_by_keys_alone(
    at_desk: AtDesk, world: World, story: Story, third: Handoff
) -> None:
    page = at_desk(world.lena)
    page.goto("/")
    keys, pane = Keys(page), page.locator("#pane h2.h")
    expect(pane).to_have_text("Maren Solberg")
    answer(page, keys)
    assert (now(story.fresh).status, now(story.next).status) == ("rejected", "accepted")
    assert now(third).holder == world.dana

    keys.reach("First response")
    keys.press("Enter")
    expect(pane).to_have_text("Yusuf Demir")
    with keys.spends(2):
        keys.choose("l", "1")
    keys.told("Logged: no answer.")

    keys.reach("Working")
    keys.press("Enter")
    open_in_list(page, keys, "Ingrid Dahl")
    with keys.spends(2):
        keys.choose("s", "Enter")
    keys.told("Qualified. A new deal is open.")

    find(page, keys, "Ingrid")
    win_and_reopen(page, keys)
    assert (now(story.talked).status, Deal.objects.get().outcome) == ("won", "open")
    assert story.talked.lead.handoffs.latest("cycle").status == "qualified"


def answer(page: Page, keys: Keys) -> None:
    """Accept 1, reject 3, redirect 3."""
    pane = page.locator("#pane h2.h")
    keys.press("j")
    keys.press("Enter")
    expect(pane).to_have_text("Yusuf Demir")
    with keys.spends(1):
        keys.press("a")
    keys.told("Accepted.")
    expect(pane).to_have_text("Maren Solberg")
    with keys.spends(3):
        keys.choose("r", "1", "Enter")
    keys.told("Rejected.")
    expect(pane).to_have_text("Nils Aas")
    expect(pane).to_be_focused()  # the dialog and what opened it are gone
    with keys.spends(3):
        keys.choose("e", "1", "Enter")
    keys.told("Redirected.")


def open_in_list(page: Page, keys: Keys, name: str) -> None:
    for _ in range(FARTHEST):
        if name in page.locator("#pane h2.h").inner_text():
            return
        keys.press("j")
        keys.press("Enter")
        expect(page.locator("#pane h2.h")).to_be_focused()
    pytest.fail(f"{name!r} is not in the list")


def find(page: Page, keys: Keys, words: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    expect(page.locator("#palette-list a").filter(has_text="Ingrid Dahl").first).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingrid Dahl")


def win_and_reopen(page: Page, keys: Keys) -> None:
    keys.reach("Win")
    keys.press("Enter")
    expect(page.locator("#dialog[open]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("43000")
    keys.press("Enter")
    expect(page.get_by_text("Won. Open cycles")).to_be_visible()
    keys.reach("Reopen")
    keys.choose("Enter", "Enter")
    expect(page.get_by_text("Reopened as a new cycle.")).to_be_visible()
