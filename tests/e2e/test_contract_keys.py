"""Agreeing on a contract without a mouse: proposed, sent back with a comment, proposed again, signed by both."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sla.models import ContractVersion
from sla.services import contract_drafts
from tests.e2e.test_keyboard import FARTHEST, Keys
from tests.e2e.test_stories import AtDesk
from tests.e2e.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery"


def at_proposal(at_desk: AtDesk, person: User, version: ContractVersion) -> tuple[Page, Keys]:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    page = at_desk(person)
    page.goto(f"/contract/{version.number}/amendment/")
    return page, Keys(page)


def asked(page: Page, keys: Keys, button: str) -> None:
    keys.reach(button)
    page.keyboard.press("Enter")
    expect(page.locator("#dialog[open]")).to_be_visible()


def to_field(page: Page, name: str) -> None:
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    pytest.fail(f"{name!r} is not reached by {FARTHEST} tabs")


def propose(page: Page, keys: Keys) -> None:
    keys.reach("Propose v")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Proposed by sales")).to_be_visible()


def sign(page: Page, keys: Keys, version: ContractVersion, *, then: str) -> None:
    page.goto(f"/contract/{version.number}/amendment/")
    asked(page, keys, "Sign v")
    to_field(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text(then).first).to_be_visible()


def test_both_sides_agree_by_keys_alone(at_desk: AtDesk, world: World) -> None:
    version = contract_drafts.open_draft(by=world.dana)
    (sales, dana), (marketing, elise) = (
        at_proposal(at_desk, person, version) for person in (world.dana, world.elise)
    )

    propose(sales, dana)
    marketing.reload()
    asked(marketing, elise, "Send back")
    to_field(marketing, "text")
    marketing.keyboard.type("Why four hours?")
    elise.reach("Send v")
    marketing.keyboard.press("Enter")
    expect(marketing.locator(".bubble")).to_have_text("Why four hours?")

    sales.goto(f"/contract/{version.number}/amendment/")
    propose(sales, dana)
    sign(sales, dana, version, then="waits for the other side")
    sign(marketing, elise, version, then="is signed by both sides")

    version.refresh_from_db()
    assert version.status == "signed"


def test_a_promise_is_removed_by_keys_alone_and_kept_by_escape(at_desk: AtDesk, world: World) -> None:
    version = contract_drafts.open_draft(by=world.dana)
    one, before = version.commitments.earliest("kind", "position"), version.commitments.count()
    page = at_desk(world.dana)
    page.goto(f"/contract/{version.number}/edit/")
    remove = page.get_by_role("link", name=f"Remove {one.name}", exact=True).first

    for key in ("Escape", "Enter"):
        remove.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#dialog[open]")).to_contain_text("Remove promise")
        if key == "Enter":
            Keys(page).reach("Remove promise")
        assert version.commitments.count() == before
        page.keyboard.press(key)
        expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text(f"{one.name} is removed.")

    assert version.commitments.count() == before - 1
