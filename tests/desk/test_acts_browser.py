"""The click budget and the pane in a real browser: accept 1, log 2, reject 3; keys; the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from leads.models import Attempt, Handoff, Lead
from leads.services import handoffs
from tests.desk.world import World
from tests.factories import HOUR, NOON, make_reason

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(transactional_db: None, world: World) -> tuple[Handoff, Handoff]:
    first = world.offer(
        NOON - 2 * HOUR, to=world.rep, first_name="Maren", last_name="Solberg", search_text="maren"
    )
    second = world.offer(
        NOON - HOUR, to=world.rep, first_name="Yusuf", last_name="Demir", search_text="demir"
    )
    return first, second


@pytest.fixture
def inbox(two: Any, world: World, sign_in: Callable[[Any], Page]) -> Page:
    page = sign_in(world.rep)
    page.goto("/inbox/")
    return page


def status(handoff: Handoff) -> str:
    return Handoff.objects.get(pk=handoff.pk).status


def test_one_click_accepts_and_the_next_lead_is_open(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.get_by_role("button", name="Accept").click()

    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    expect(inbox.locator("#toast")).to_contain_text("Accepted.")
    expect(inbox.locator(".item")).to_have_count(1)
    expect(inbox.locator(".tabs a[aria-current] .n")).to_have_text("1")
    assert status(two[0]) == "accepted"


def test_the_same_by_key(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.keyboard.press("a")

    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    assert status(two[0]) == "accepted"


def test_two_clicks_log(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.get_by_role("link", name="Log").click()
    inbox.get_by_role("button", name="No answer").click()

    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    expect(inbox.locator("dialog[open]")).to_have_count(0)
    assert Attempt.objects.get().outcome == "no_answer"


def test_enter_in_the_note_of_an_attempt_asks_for_its_outcome(inbox: Page) -> None:
    inbox.get_by_role("link", name="Log").click()
    inbox.get_by_text("Add a note, minutes").click()
    inbox.get_by_label("Note").fill("Wants a quote")
    inbox.get_by_label("Note").press("Enter")

    expect(inbox.locator("#dialog")).to_contain_text("Choose an outcome: it saves.")
    expect(inbox.get_by_label("Note")).to_have_value("Wants a quote")
    assert not Attempt.objects.exists()


def test_an_act_of_the_menu_gives_the_focus_back_to_the_menu(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    inbox.goto(f"/leads/{two[0].lead.public_id}/")
    menu = inbox.get_by_label("More actions")
    menu.click()
    inbox.get_by_role("link", name="Pause").click()
    expect(inbox.get_by_role("dialog")).to_be_visible()
    expect(menu.locator("..")).not_to_have_attribute("open", "")

    inbox.keyboard.press("Escape")

    expect(menu).to_be_focused()


def test_three_clicks_reject(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.get_by_role("link", name="Reject").click()
    inbox.locator("dialog").get_by_text("200 to 5,000 employees").click()
    inbox.get_by_role("button", name="Reject lead").click()

    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    assert status(two[0]) == "rejected"


def test_who_comes_second_is_told_in_the_dialog_and_keeps_the_choice(
    inbox: Page, two: tuple[Handoff, Handoff], world: World
) -> None:
    inbox.get_by_role("link", name="Reject").click()
    inbox.get_by_text("Student").click()
    handoffs.accept(two[0], by=world.manager, at=NOON)
    inbox.get_by_role("button", name="Reject lead").click()

    expect(inbox.locator("dialog [role=alert]")).to_contain_text("Dana Whitfield accepted at 12:00.")
    expect(inbox.get_by_label("Student")).to_be_checked()


def test_j_and_enter_open_the_next_lead_beside_the_list(inbox: Page) -> None:
    inbox.keyboard.press("j")
    inbox.keyboard.press("Enter")

    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    expect(inbox.locator("#pane h2.h")).to_be_focused()
    expect(inbox.locator(".item[aria-current]")).to_contain_text("Yusuf Demir")
    assert "lead=" in inbox.url


def test_on_the_phone_an_item_opens_the_lead_with_its_acts_below(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    inbox.set_viewport_size({"width": 390, "height": 844})

    inbox.get_by_text("Maren Solberg").first.click()
    inbox.wait_for_url(f"**/leads/{two[0].lead.public_id}/?view=answer")

    acts = inbox.locator(".phone-acts .btn")
    expect(acts).to_have_text(["Reject", "Log", "Accept"])
    assert acts.last.bounding_box()["height"] >= 44
    acts.last.click()
    expect(inbox.locator("#toast")).to_contain_text("Accepted.")
    assert status(two[0]) == "accepted"


def many_reasons() -> None:
    for number in range(8):
        make_reason("reject", f"known-as-a-customer-{number}", group="Already known", next_step="close")


def test_on_the_phone_what_is_wrong_stands_above_the_fold(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    many_reasons()
    inbox.set_viewport_size({"width": 390, "height": 500})
    inbox.goto(f"/leads/{two[0].lead.public_id}/")
    inbox.locator(".phone-acts").get_by_text("Reject").click()
    inbox.get_by_role("button", name="Reject lead").click()

    expect(inbox.get_by_text("Choose a reason.")).to_be_in_viewport()


def test_chips_of_a_short_group_stand_close_beside_a_tall_one(inbox: Page) -> None:
    make_reason("reject", "much-of-it-is-missing", group="Data", next_step="fix", counts_against="marketing")
    many_reasons()
    inbox.get_by_role("link", name="Reject").click()
    chips = inbox.locator("#dialog fieldset").filter(has_text="Data wrong").locator(".pick")
    expect(chips).to_have_count(2)

    tops = sorted(chip.bounding_box()["y"] for chip in chips.all())

    assert tops[1] - tops[0] < 50


def test_a_wrong_form_comes_back_in_the_dialog_and_leaves_the_pane_alone(inbox: Page) -> None:
    inbox.get_by_role("link", name="Reject").click()
    inbox.get_by_role("button", name="Reject lead").click()

    expect(inbox.locator("#dialog")).to_contain_text("Choose a reason.")
    expect(inbox.locator("#pane h2.h")).to_have_text("Maren Solberg")


def test_j_and_k_walk_the_inbox_from_the_page_of_a_lead(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.get_by_role("link", name="Open full page").click()
    expect(inbox.locator("h1")).to_have_text("Maren Solberg")

    inbox.keyboard.press("j")
    expect(inbox.locator("h1")).to_have_text("Yusuf Demir")
    expect(inbox.locator(".top")).to_contain_text("2 of 2")

    inbox.keyboard.press("k")
    expect(inbox.locator("h1")).to_have_text("Maren Solberg")


def test_slash_filters_the_inbox(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.keyboard.press("/")
    expect(inbox.get_by_label("Name, company or e-mail")).to_be_focused()
    inbox.keyboard.type("demir")
    inbox.keyboard.press("Enter")

    expect(inbox.locator(".item .nm")).to_have_text(["Yusuf Demir"])
    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")


def test_the_tab_bar_of_a_phone_covers_no_button_of_a_dialog_as_a_page(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    many_reasons()
    inbox.set_viewport_size({"width": 390, "height": 500})
    inbox.goto(f"/handoffs/{two[0].public_id}/reject/")
    bar = inbox.locator(".tabbar").bounding_box()
    button = inbox.get_by_role("button", name="Reject lead").bounding_box()

    assert bar
    assert button
    assert button["y"] + button["height"] <= bar["y"]


def test_whoever_loses_where_two_changed_a_lead_at_once_is_told_so(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    """R23: a lock that nobody let go of in time; what was done can be done again."""
    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=two[0].lead_id)
        inbox.get_by_role("button", name="Accept").click()
        expect(inbox.get_by_text("Two people changed this at the same moment.")).to_be_visible(timeout=15_000)
    assert status(two[0]) == "offered"

    inbox.get_by_role("button", name="Accept").click()
    expect(inbox.locator("#toast")).to_contain_text("Accepted.")
