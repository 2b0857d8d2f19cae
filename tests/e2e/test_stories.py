"""Each person's whole day in a real browser, against real web and worker processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from accounts.services import first_run
from leads.models import Attempt, Deal, Handoff, Lead
from leads.services import handoffs
from notifications.models import Notice
from notifications.tasks import relay_outbox
from sla.models import Breach
from sla.tasks import sweep_clocks
from tests.clock import DatabaseClock
from tests.e2e.hand import Hand
from tests.e2e.world import Story, World
from tests.factories import HOUR, MINUTE, NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AtDesk = Callable[..., Page]
ACCEPT_WHEN_THE_PANE_CHANGES = """() => {
  const watcher = new MutationObserver(() => {
    if (!document.querySelector("#pane h2.h").textContent.includes("Yusuf")) return;
    watcher.disconnect();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  });
  watcher.observe(document.querySelector("#pane"), { childList: true, subtree: true, characterData: true });
}"""


def now(handoff: Handoff) -> Handoff:
    return Handoff.objects.get(pk=handoff.pk)


def test_marketing_adds_a_lead_offers_it_with_others_and_reads_what_sales_answered(
    at_desk: AtDesk, world: World, story: Story, live_worker: Any, eventually: Callable[..., None]
) -> None:
    page = at_desk(world.priya)
    page.goto("/")
    expect(page).to_have_url("/leads/")

    add_a_colleague_of(story.waiting, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nora Costa")
    expect(page.locator(".top .tag").first).to_have_text("Inquiry")
    add_a_webinar(page)
    expect(page.locator(".top .tag").first).to_have_text("MQL")

    offer_in_bulk(page, "Ana Costa", "Nora Costa", to=world.lena)
    offered = {row.lead.first_name: row for row in Handoff.objects.filter(lead__company__name="Costa Paper")}
    assert {row.status: row.holder for row in offered.values()} == {"offered": world.lena}

    handoffs.return_for_info(offered["Nora"], by=world.lena, missing=["lead.phone"])
    handoffs.reject(offered["Ana"], by=world.lena, reason="customer")
    relay_outbox.delay()
    eventually(lambda: Notice.objects.filter(person=world.priya).count() >= 2)
    page.goto("/leads/?view=all")
    expect(page.get_by_role("row").filter(has_text="Ana Costa")).to_contain_text("Rejected")
    page.goto("/notices/")
    page.get_by_role("button", name="Nora Costa").first.click()

    give_the_phone_number(page)
    expect(page.locator("#toast, [role=status]").filter(has_text="Resupplied")).to_be_visible()
    assert now(offered["Nora"]).status == "offered"


def add_a_colleague_of(lead: Lead, page: Page) -> None:
    page.keyboard.press("n")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Nora")
    dialog.get_by_label("Last name").fill("Costa")
    dialog.get_by_label("E-mail").fill("nora@costa.example")
    dialog.get_by_label("Role").fill("Plant manager")
    dialog.get_by_label("Company").fill(lead.company.name)
    dialog.get_by_label("Domain").fill("costa.example")
    dialog.get_by_role("button", name="Add lead").click()


def add_a_webinar(page: Page) -> None:
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Add a touch").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind").select_option("Webinar")
    dialog.get_by_role("button", name="Add touch").click()


def offer_in_bulk(page: Page, *names: str, to: User) -> None:
    page.goto("/leads/?view=offer")
    for name in names:
        page.get_by_label(f"Select {name}").check()
    page.get_by_role("button", name="Offer to sales").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(to.name).click()
    dialog.get_by_role("button", name="Offer leads").click()
    expect(page.get_by_text(f"{len(names)} of {len(names)} offered.")).to_be_visible()


def give_the_phone_number(page: Page) -> None:
    expect(page.get_by_text("Sales asks for more.")).to_be_visible()
    page.get_by_role("link", name="Edit").first.click()
    page.get_by_role("dialog").get_by_label("Phone").fill("+47 22 11 33 77")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Resupply").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Resupply").click()


def test_a_rep_answers_logs_and_qualifies_within_the_click_budget(
    at_desk: AtDesk, world: World, story: Story
) -> None:
    page = at_desk(world.lena)
    hand = Hand(page)
    page.goto("/")
    pane = page.locator("#pane h2.h")
    expect(pane).to_have_text("Maren Solberg")

    hand.press("j")
    hand.press("Enter")
    expect(pane).to_have_text("Yusuf Demir")
    with hand.spends(1):
        hand.press("a")
    expect(page.locator("#toast")).to_contain_text("Accepted.")
    expect(pane).to_have_text("Maren Solberg")
    with hand.spends(3):
        hand.press("r")
        hand.click(page.locator("dialog .opt").first)
        hand.click(page.get_by_role("button", name="Reject lead"))
    expect(page.locator("#toast")).to_contain_text("Rejected.")
    assert (now(story.next).status, now(story.fresh).status) == ("accepted", "rejected")
    assert now(story.fresh).criterion == "/all/0"

    page.get_by_role("link", name="First response").click()
    expect(pane).to_have_text("Yusuf Demir")
    with hand.spends(2):
        hand.press("l")
        hand.click(page.get_by_role("dialog").get_by_role("button", name="No answer"))
    expect(page.locator("#toast")).to_contain_text("Logged: no answer.")
    assert Attempt.objects.get(handoff=story.next).outcome == "no_answer"

    page.goto(f"/inbox/?view=working&lead={story.talked.lead.public_id}")
    expect(pane).to_have_text("Ingrid Dahl")
    with hand.spends(2):
        hand.press("s")
        hand.click(page.get_by_role("dialog").get_by_role("button", name="Qualify"))
    expect(page.locator("#toast")).to_contain_text("Qualified. A new deal is open.")
    assert now(story.talked).status == "qualified"
    assert Deal.objects.get().company == story.talked.lead.company


GIVES_AWAY = pytest.mark.parametrize(
    ("act", "asks", "becomes"),
    [("Return", "missing", "returned"), ("Redirect", "to", "offered"), ("Recycle", "reason", "recycled")],
)


@GIVES_AWAY
def test_what_gives_a_lead_away_costs_three_clicks(
    at_desk: AtDesk, world: World, story: Story, act: str, asks: str, becomes: str
) -> None:
    view, handoff = ("working", story.talked) if act == "Recycle" else ("answer", story.fresh)
    page = at_desk(world.lena)
    page.goto(f"/inbox/?view={view}&lead={handoff.lead.public_id}")

    give_away_in_three(page, page.locator("#pane").get_by_role("link", name=act), asks)

    expect(page.locator("#toast")).to_contain_text(f"{act.removesuffix('e')}ed")
    assert (now(handoff).status, now(handoff).holder == world.lena) == (becomes, act != "Redirect")


@GIVES_AWAY
def test_on_a_phone_it_costs_three_taps(
    at_desk: AtDesk, world: World, story: Story, act: str, asks: str, becomes: str
) -> None:
    handoff = story.talked if act == "Recycle" else story.fresh
    page = at_desk(world.lena, viewport={"width": 390, "height": 844})
    page.goto(f"/leads/{handoff.lead.public_id}/")
    more = page.get_by_role("group", name="More acts").get_by_role("link", name=act)
    expect(more).to_be_in_viewport()

    give_away_in_three(page, more, asks)

    expect(page.locator("#toast")).to_contain_text(f"{act.removesuffix('e')}ed")
    assert now(handoff).status == becomes


def give_away_in_three(page: Page, act: Locator, asks: str) -> None:
    hand = Hand(page)
    with hand.spends(3):
        hand.click(act)
        hand.click(page.locator(f"dialog[open] .pick:has([name={asks}])").first)
        hand.click(page.locator("dialog[open] footer button").last)


def test_a_key_at_the_moment_of_a_swap_answers_the_lead_that_is_shown(
    at_desk: AtDesk, world: World, story: Story
) -> None:
    """The pane is morphed, so the same form stands for the next lead: it must not send to the one before."""
    page = at_desk(world.lena)
    page.goto("/inbox/")
    page.evaluate(ACCEPT_WHEN_THE_PANE_CHANGES)

    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.locator("#toast")).to_contain_text("Accepted.")
    assert (now(story.next).status, now(story.fresh).status) == ("accepted", "offered")


def test_a_sales_manager_opens_a_figure_finds_the_breach_and_reassigns(
    at_desk: AtDesk, world: World, story: Story, database_clock: DatabaseClock, live_worker: Any,
    eventually: Callable[..., None],
) -> None:  # fmt: skip
    database_clock.set(NOON + 2 * HOUR + MINUTE)
    sweep_clocks.delay()
    eventually(lambda: Breach.objects.filter(clock__kind="answer").exists())
    page = at_desk(world.dana)
    page.goto("/")
    expect(page).to_have_url("/dashboard/")

    promise = page.locator(".ledger .promise").filter(has_text="Answered").first
    promise.locator("a.fig").click()
    expect(page.get_by_role("row").filter(has_text="Maren Solberg")).to_contain_text("Breached")

    page.goto("/breaches/")
    row = page.get_by_role("row").filter(has_text="Maren Solberg").filter(has_text="Answer")
    expect(row).to_contain_text("1 m")
    row.get_by_role("link", name="Reassign").click()
    page.get_by_role("dialog").get_by_text("Tom Okafor").click()
    page.get_by_role("dialog").get_by_role("button", name="Reassign").click()

    expect(page.locator("#toast, [role=status]").filter(has_text="Reassigned")).to_be_visible()
    assert now(story.fresh).holder == world.tom


def test_an_admin_sets_the_company_up_with_the_token_and_invites_a_person(at_desk: AtDesk) -> None:
    token = first_run.setup_token()
    page = at_desk()
    page.goto(f"/start/?token={token}")

    page.get_by_label("Your name").fill("Amal Haddad")
    page.get_by_label("Email").fill("amal@northwater.example")
    page.get_by_label("Password").fill("pumps run all night long")
    page.get_by_label("Company").fill("Northwater")
    page.get_by_label("Time zone").select_option("Europe/Oslo")
    page.get_by_role("button", name="Set up Baton").click()
    expect(page.get_by_text("Welcome, Amal Haddad. You are the admin.")).to_be_visible()

    page.goto("/settings/people/")
    page.get_by_role("link", name="Invite").click()
    page.get_by_role("dialog").get_by_label("Email").fill("lena@northwater.example")
    page.get_by_role("dialog").get_by_label("Name").fill("Lena Vogt")
    page.get_by_role("dialog").get_by_role("button", name="Invite").click()
    expect(page.get_by_role("row").filter(has_text="lena@northwater.example")).to_be_visible()

    assert User.objects.get(email="lena@northwater.example").is_active
    page.goto(f"/start/?token={token}")
    expect(page.get_by_role("heading", name="Set up Baton")).to_be_visible()  # a used token leads home


def test_who_answers_second_reads_who_was_first_and_when_and_keeps_the_note(
    at_desk: AtDesk, world: World, story: Story
) -> None:
    first, second = at_desk(world.dana), at_desk(world.lena)
    address = f"/leads/{story.fresh.lead.public_id}/"
    first.goto(address)
    second.goto(address)
    second.get_by_role("link", name="Reject").first.click()
    dialog = second.get_by_role("dialog")
    dialog.get_by_text("Other", exact=True).last.click()
    dialog.get_by_label("What is wrong").fill("They sell pumps themselves")

    first.get_by_role("button", name="Accept").first.click()
    expect(first.locator("#toast, [role=status]").filter(has_text="Accepted.")).to_be_visible()
    dialog.get_by_role("button", name="Reject lead").click()

    expect(dialog.get_by_role("alert")).to_contain_text("Dana Whitfield accepted at 12:00.")
    expect(dialog.get_by_label("What is wrong")).to_have_value("They sell pumps themselves")
    assert now(story.fresh).status == "accepted"


def test_accepting_and_rejecting_work_without_script(at_desk: AtDesk, world: World, story: Story) -> None:
    page = at_desk(world.lena, java_script_enabled=False)
    page.goto(f"/leads/{story.fresh.lead.public_id}/")
    page.get_by_role("button", name="Accept").first.click()
    expect(page.get_by_text("Accepted.").first).to_be_visible()

    page.goto(f"/leads/{story.next.lead.public_id}/")
    page.get_by_role("link", name="Reject").first.click()
    expect(page).to_have_url(f"/handoffs/{story.next.public_id}/reject/")
    page.get_by_role("button", name="Reject lead").click()
    expect(page.get_by_text("Choose a reason.").first).to_be_visible()
    page.get_by_text("Competitor", exact=True).click()
    page.get_by_role("button", name="Reject lead").click()

    expect(page.get_by_text("Rejected.").first).to_be_visible()
    assert (now(story.fresh).status, now(story.next).status) == ("accepted", "rejected")
