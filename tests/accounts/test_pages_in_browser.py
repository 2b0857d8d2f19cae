"""Settings in a real browser: dialogs open, wrong input stays in them, nothing breaks the page's rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.accounts.people import make_member, make_person, make_team

pytestmark = pytest.mark.browser
SignIn = Callable[[Any], Page]


def test_somebody_is_invited_in_a_dialog_that_keeps_what_was_typed(page: Page, sign_in: SignIn) -> None:
    sign_in(make_person("Amal Haddad", "operations"))
    page.goto(reverse("accounts:settings-people"))

    page.get_by_role("link", name="Invite").click()
    page.get_by_label("Email").fill("lena@example.com")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_label("Email")).to_have_value("lena@example.com")
    expect(page.locator("#id_name_error")).to_be_visible()
    page.get_by_label("Name").fill("Lena Vogt")
    page.get_by_role("button", name="Invite").click()

    expect(page.get_by_role("status").filter(has_text="Lena Vogt is invited")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="lena@example.com")).to_be_visible()


def test_a_member_leaves_the_team_once_the_dialog_is_answered(page: Page, sign_in: SignIn) -> None:
    team = make_team("North")
    rep = make_member(team, name="Marcus Bell")
    sign_in(make_person("Amal Haddad", "admin"))
    page.goto(reverse("accounts:team", args=[team.public_id]))

    page.get_by_role("link", name="Edit Marcus Bell").click()
    page.get_by_role("link", name="Remove from team").click()
    page.get_by_role("button", name="Remove from team").click()

    expect(page.get_by_role("status").filter(has_text="Marcus Bell has left North")).to_be_visible()
    assert rep.memberships.count() == 0


def test_a_refusal_is_said_in_the_dialog(page: Page, sign_in: SignIn) -> None:
    admin = make_person("Amal Haddad", "admin")
    sign_in(admin)
    page.goto(reverse("accounts:person", args=[admin.public_id]))

    page.get_by_role("link", name="Deactivate").click()
    page.get_by_role("button", name="Deactivate").click()

    expect(page.locator("dialog [data-problem]")).to_contain_text("Nobody can deactivate themselves")
