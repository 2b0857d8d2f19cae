"""What pages keep up in a real browser: going back, errors of a page, the toast, parts that come beside an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from desk.queries.columns import CHOICES
from leads.models import Company, Handoff, Lead, LeadPhone
from leads.services import handoffs, leads
from tests.desk.world import World
from tests.factories import HOUR, NOON, make_marketer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def two(transactional_db: None, world: World) -> tuple[Handoff, Handoff]:
    first = world.offer(NOON - 2 * HOUR, to=world.rep, first_name="Maren", last_name="Solberg")
    second = world.offer(NOON - HOUR, to=world.rep, first_name="Yusuf", last_name="Demir")
    return first, second


@pytest.fixture
def inbox(two: Any, world: World, sign_in: Callable[[Any], Page]) -> Page:
    page = sign_in(world.rep)
    page.goto("/inbox/")
    return page


def poll(page: Page) -> None:
    with page.expect_response(lambda answer: "part=list" in answer.url):
        page.evaluate("htmx.trigger(document.body, 'catch-up')")


def ids_that_stand_twice(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[id]')].map(one => one.id).filter((id, at, all) => all.indexOf(id) !== at)"
    )
    return found


def test_after_going_back_dialogs_open_and_acts_are_said(inbox: Page) -> None:
    inbox.locator(".item").nth(1).click()
    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    inbox.go_back()
    expect(inbox.locator("#pane h2.h")).to_have_text("Maren Solberg")

    inbox.get_by_role("link", name="Reject").click()
    expect(inbox.get_by_role("dialog")).to_be_visible()
    inbox.keyboard.press("Escape")
    expect(inbox.locator("#dialog")).to_be_empty()

    inbox.get_by_role("button", name="Accept").click()
    expect(inbox.locator("#toast")).to_contain_text("Accepted.")
    inbox.get_by_role("button", name="Dismiss").click()
    expect(inbox.locator("#toast")).to_be_hidden()


def test_every_id_stands_once_and_counts_are_fresh_after_an_act_and_after_a_poll(
    inbox: Page, two: tuple[Handoff, Handoff], world: World
) -> None:
    poll(inbox)
    assert ids_that_stand_twice(inbox) == []

    waiting = inbox.locator(".side a[href='/inbox/'] .n")
    expect(waiting).to_have_text("2")
    inbox.get_by_role("button", name="Accept").click()
    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    expect(waiting).to_have_text("1")
    assert ids_that_stand_twice(inbox) == []
    handoffs.accept(two[1], by=world.manager, at=NOON)
    poll(inbox)
    expect(waiting).to_be_hidden()
    assert ids_that_stand_twice(inbox) == []
    expect(inbox.locator("#inbox-list")).to_have_attribute("hx-trigger", "every 30s, catch-up from:body")


def test_a_dialog_as_a_page_says_what_is_wrong(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.goto(f"/handoffs/{two[0].public_id}/reject/")
    inbox.get_by_role("button", name="Reject lead").click()

    expect(inbox.get_by_text("Choose a reason.")).to_be_visible()
    expect(inbox.locator("h1")).to_have_text("Reject Maren Solberg")
    expect(inbox.get_by_role("button", name="Close")).to_have_count(0)

    inbox.get_by_text("Student").click()
    inbox.get_by_role("button", name="Reject lead").click()
    inbox.wait_for_url("**/leads/**")
    assert Handoff.objects.get(pk=two[0].pk).status == "rejected"


def test_on_the_phone_the_toast_stands_above_the_acts_and_the_tab_bar(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    inbox.set_viewport_size(PHONE)
    inbox.goto(f"/leads/{two[0].lead.public_id}/")
    inbox.locator(".phone-acts .btn").last.click()
    expect(inbox.locator("#toast")).to_contain_text("Accepted.")
    assert bottom(inbox, "#toast") <= top(inbox, ".phone-acts")

    inbox.goto("/inbox/")
    inbox.evaluate("document.querySelector('#toast').hidden = false")
    assert bottom(inbox, "#toast") <= top(inbox, ".tabbar")


def test_on_the_phone_the_open_tab_of_a_long_strip_is_in_sight(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    inbox.set_viewport_size(PHONE)
    inbox.goto("/leads/?view=all")

    expect(inbox.locator(".tabs > [aria-current]")).to_be_in_viewport(ratio=0.95)


def test_a_click_that_comes_second_reads_who_was_first_and_sees_the_lead_as_it_is(
    inbox: Page, two: tuple[Handoff, Handoff], world: World
) -> None:
    handoffs.accept(two[0], by=world.manager, at=NOON)
    inbox.get_by_role("button", name="Accept").click()

    alert = inbox.locator("#pane [role=alert]")
    expect(alert).to_contain_text("Someone answered first")
    expect(alert).to_contain_text("Dana Whitfield accepted")
    expect(inbox.get_by_role("button", name="Accept")).to_have_count(0)
    expect(inbox.locator("#pane h2.h")).to_have_text("Maren Solberg")
    expect(inbox.locator(".item .nm")).to_have_text(["Yusuf Demir"])


def test_a_page_that_was_overtaken_offers_itself_as_it_is_now(
    inbox: Page, two: tuple[Handoff, Handoff], world: World
) -> None:
    inbox.set_viewport_size(PHONE)
    inbox.goto(f"/leads/{two[0].lead.public_id}/")
    handoffs.accept(two[0], by=world.manager, at=NOON)
    inbox.get_by_role("button", name="Accept").locator("visible=true").click()

    expect(inbox.get_by_role("alert")).to_contain_text("Dana Whitfield accepted")
    inbox.get_by_role("link", name="Show it as it is now").click()
    expect(inbox.get_by_role("alert")).to_have_count(0)
    expect(inbox.get_by_role("button", name="Accept")).to_have_count(0)


def test_a_form_older_than_the_sign_in_is_kept_and_sent_again(
    inbox: Page, two: tuple[Handoff, Handoff]
) -> None:
    inbox.get_by_role("link", name="Reject").click()
    inbox.get_by_text("Student").click()
    inbox.context.clear_cookies(name="csrftoken")
    inbox.get_by_role("button", name="Reject lead").click()
    expect(inbox.locator("#dialog [role=alert]")).to_contain_text("is renewed now")
    expect(inbox.get_by_label("Student")).to_be_checked()

    inbox.get_by_role("button", name="Reject lead").click()
    expect(inbox.locator("#pane h2.h")).to_have_text("Yusuf Demir")
    assert Handoff.objects.get(pk=two[0].pk).status == "rejected"


def test_a_call_from_the_phone_opens_the_log_beside_it(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    LeadPhone.objects.create(lead=two[0].lead, phone="+47 22 33 44 55", e164="+4722334455", is_primary=True)
    inbox.set_viewport_size(PHONE)
    inbox.goto(f"/leads/{two[0].lead.public_id}/")
    inbox.get_by_role("link", name="Call +47").click()

    expect(inbox.get_by_role("dialog")).to_be_visible()
    expect(inbox.get_by_label("Call", exact=True)).to_be_checked()


def test_held_and_missed_meetings_stand_with_the_channel_meeting(inbox: Page) -> None:
    inbox.get_by_role("link", name="Log").click()
    expect(inbox.get_by_role("dialog")).to_be_visible()
    expect(inbox.get_by_role("button", name="No show")).to_be_hidden()
    inbox.get_by_role("radio", name="Meeting").check()
    expect(inbox.get_by_role("button", name="No show")).to_be_visible()


def test_long_words_break_and_no_page_scrolls_sideways(
    inbox: Page, two: tuple[Handoff, Handoff], world: World
) -> None:
    lead = two[0].lead
    Company.objects.filter(pk=lead.company_id).update(name="c" * 200)
    Lead.objects.filter(pk=lead.pk).update(first_name="n" * 120, last_name="m" * 120, title="t" * 160)
    leads.comment(lead, "w" * 3_000, by=world.rep)
    for width in (1440, 390):
        inbox.set_viewport_size({"width": width, "height": 844})
        for page in ("/inbox/", "/leads/", f"/leads/{lead.public_id}/", f"/leads/{lead.public_id}/comments/"):
            inbox.goto(page)
            assert sideways(inbox) == [], (page, width)


def test_the_dashboard_of_a_phone_offers_its_period_and_printing(inbox: Page) -> None:
    inbox.set_viewport_size(PHONE)
    inbox.goto("/dashboard/")

    expect(inbox.get_by_role("button", name="Print")).to_be_visible()
    assert sideways(inbox) == []
    inbox.get_by_role("group", name="Period").get_by_role("link", name="Quarter").click()
    chosen = inbox.get_by_role("group", name="Period").locator("[aria-current]")
    expect(chosen).to_have_text(re.compile(r"^Q\d \d{4}$"))
    now = chosen.inner_text()
    inbox.get_by_role("link", name="Earlier").click()
    expect(chosen).not_to_have_text(now)


def test_the_head_of_a_wide_list_leaves_its_first_row_alone(inbox: Page) -> None:
    columns = "&".join(f"cols={key}" for key, _ in CHOICES)
    inbox.goto(f"/leads/?view=waiting&{columns}")

    assert bottom(inbox, "thead th:first-child") <= top(inbox, "tbody tr:first-child") + 1


def test_the_views_of_the_inbox_stay_below_its_bar_on_a_phone(inbox: Page) -> None:
    inbox.set_viewport_size({"width": 390, "height": 260})
    inbox.evaluate("scrollTo(0, document.body.scrollHeight)")

    assert inbox.evaluate("scrollY") > 0
    assert abs(top(inbox, "#inbox-tabs") - bottom(inbox, ".top")) <= 1


def test_paper_says_what_a_list_is_and_leaves_the_buttons_away(inbox: Page) -> None:
    inbox.goto("/leads/?view=waiting&source=Webinar")
    inbox.emulate_media(media="print")

    expect(inbox.get_by_role("heading", name="Lead queue")).to_be_visible()
    expect(inbox.locator(".tabs > a:visible")).to_have_text(re.compile("Waiting on sales"))
    expect(inbox.locator(".chip").first).to_be_visible()
    expect(inbox.locator(".btn:visible, .nav:visible, .chip.add:visible")).to_have_count(0)


def test_what_one_may_not_do_is_said_within_a_phone(
    sign_in: Callable[[Any], Page], two: tuple[Handoff, Handoff], world: World
) -> None:
    page = sign_in(world.reader)
    page.set_viewport_size(PHONE)
    page.goto("/leads/new/")

    expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()
    expect(page.get_by_role("link", name="Who may")).to_be_in_viewport(ratio=1)
    assert sideways(page) == []


def test_the_rows_behind_a_figure_fit_a_phone(inbox: Page, two: tuple[Handoff, Handoff]) -> None:
    inbox.set_viewport_size(PHONE)
    day = f"from={NOON:%Y-%m-%d}&to={NOON + timedelta(days=1):%Y-%m-%d}"
    inbox.goto(f"/metrics/attainment/rows/?{day}&basis=due&part=every")

    expect(inbox.locator("tbody th")).not_to_have_count(0)
    wide = "document.querySelector('.tbl-wrap').scrollWidth > document.querySelector('.tbl-wrap').clientWidth"
    assert inbox.evaluate(wide) is False


def test_what_is_ticked_is_counted_and_the_whole_list_is_every_lead(
    two: Any, sign_in: Callable[[Any], Page]
) -> None:
    page = sign_in(make_marketer())
    page.goto("/leads/?view=all")
    number, whole, rows = (
        page.locator(".bulk [data-n]"),
        page.locator("[name=whole]"),
        page.locator("[name=pick]"),
    )

    rows.first.check()
    expect(number).to_have_text("1")
    whole.check()
    expect(number).to_have_text("2")
    expect(rows.nth(1)).to_be_checked()
    rows.nth(1).uncheck()
    expect(whole).not_to_be_checked()
    expect(number).to_have_text("1")


def test_offline_the_whole_sidebar_stays_within_the_window(inbox: Page) -> None:
    inbox.context.set_offline(True)

    expect(inbox.locator(".offline")).to_be_visible()
    assert bottom(inbox, ".side") <= 900


def sideways(page: Page) -> list[str]:
    """What is wider than the window, and what scrolls in itself though it holds no table of many columns."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("html, .main, .page, .list, .pane, .bubble, .hero, .item, td .two")]
           .filter(one => one.getClientRects().length && (one.scrollWidth > one.clientWidth + 1
                   || one.getBoundingClientRect().right > innerWidth + 1))
           .map(one => `${one.tagName}.${one.className} ${one.scrollWidth} in ${one.clientWidth}`)"""
    )
    return found


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"] + box["height"]
