"""The first day of an empty installation, by pages alone: from the token to a lead that both sides have judged."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import first_run
from accounts.services.invitations import invitation_of
from leads.models import Handoff
from tests.clock import DatabaseClock
from tests.factories import NOON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AtDesk = Callable[..., Page]
PASSWORD = "pumps run all night long"
MIA, SARA = "mia@northwater.example", "sara@northwater.example"


def test_from_the_token_to_a_lead_that_both_sides_have_judged(
    at_desk: AtDesk, database_clock: DatabaseClock, live_web: str
) -> None:
    database_clock.set(NOON)
    admin = at_desk()
    begin(admin)
    for team, function, person, role in (
        ("Demand", "demand", MIA, "marketing_manager"),
        ("Field", "sales", SARA, "sales_manager"),
    ):
        make_team(admin, team, function)
        invite(admin, person, team, role)
    begin_lists(admin)
    mia, sara = (sign_in(at_desk(), person, live_web) for person in (MIA, SARA))
    agree(mia, sara)

    raise_hand(mia, "Bea")
    accept_and_qualify(sara)
    raise_hand(mia, "Carl")
    reject(sara)

    mia.goto("/leads/?view=rejected")
    expect(mia.get_by_role("row").filter(has_text="Carl")).to_contain_text("Data is missing")
    mia.goto("/dashboard/")
    expect(mia.get_by_text("1 of 2 decided")).to_be_visible()
    expect(mia.locator(".ledger")).to_contain_text(re.compile("Accepted by sales.*1 of 2", re.DOTALL))


def begin(page: Page) -> None:
    page.goto(f"/start/?token={first_run.setup_token()}")
    page.get_by_label("Your name").fill("Amal Haddad")
    page.get_by_label("Email").fill("amal@northwater.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Company").fill("Northwater")
    page.get_by_role("button", name="Set up Baton").click()
    expect(page.get_by_text("1 of 7 done.")).to_be_visible()


def make_team(page: Page, name: str, function: str) -> None:
    page.goto("/settings/teams/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("What it does").select_option(function)
    page.get_by_role("button", name="Make team").click()
    expect(page.get_by_text(f"{name} is made.")).to_be_visible()


def invite(page: Page, person: str, team: str, role: str) -> None:
    page.goto("/settings/people/invite/")
    page.get_by_label("Email").fill(person)
    page.get_by_label("Name").fill(person.partition("@")[0].title())
    page.get_by_label("Team", exact=False).first.select_option(label=team)
    page.get_by_label("Role in the team").select_option(role)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("row").filter(has_text=person)).to_be_visible()


def begin_lists(page: Page) -> None:
    page.goto("/settings/touch-kinds/")
    page.get_by_role("button", name="Add the usual kinds").dblclick()
    expect(page.get_by_role("row").filter(has_text="Demo request")).to_be_visible()
    page.goto("/settings/reasons/")
    page.get_by_role("button", name="Add the usual reasons").click()
    expect(page.get_by_role("row").filter(has_text="Data is missing")).to_be_visible()


def sign_in(page: Page, person: str, site: str) -> Page:
    """By the link of the mail, which also chooses the password."""
    mail = invitation_of(User.objects.get(email=person), site=site)
    assert mail is not None
    page.goto(re.findall(r"http\S+", mail.text)[0])
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(person)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("No contract was in force.")).to_be_visible()
    return page


def agree(mia: Page, sara: Page) -> None:
    mia.goto("/contract/start/")
    expect(mia.get_by_text("First response after a webinar or event")).to_be_visible()
    mia.get_by_role("button", name="Save as draft v1").click()
    mia.get_by_role("button", name="Propose v1").click()
    expect(mia.get_by_role("link", name="Sign v1").first).to_be_visible()
    for page, side in ((mia, "marketing"), (sara, "sales")):
        page.goto(f"/contract/1/sign/{side}/")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Sign v1").click()
        expect(page.get_by_role("button", name="Sign v1")).to_have_count(0)
    mia.goto("/contract/")
    expect(mia.get_by_text("v1 in force", exact=True)).to_be_visible()


def raise_hand(page: Page, name: str) -> None:
    page.goto("/leads/new/")
    page.get_by_label("First name").fill(name)
    page.get_by_label("E-mail").fill(f"{name.lower()}@buyer.example")
    page.get_by_role("button", name="Add lead").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Add a touch").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind").select_option(label="Demo request")
    dialog.get_by_role("button", name="Add touch").click()
    expect(page.get_by_text("Offered to the pool of Field").first).to_be_visible()
    expect(page.get_by_text("Hand raise: Demo request")).to_be_visible()


def accept_and_qualify(page: Page) -> None:
    page.goto("/inbox/")
    page.get_by_role("button", name="Accept").first.click()
    expect(page.get_by_text("All answered")).to_be_visible()
    page.goto("/inbox/?view=first-response")
    page.get_by_role("link", name="Log").first.click()
    page.get_by_role("dialog").get_by_text("Talked").click()
    expect(page.get_by_text("Everyone has been tried")).to_be_visible()
    page.goto("/inbox/?view=working")
    page.get_by_role("link", name="Qualify").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Qualify lead").click()
    expect(page.get_by_text("Qualified. A new deal is open.")).to_be_visible()
    assert Handoff.objects.get().status == "qualified"


def reject(page: Page) -> None:
    page.goto("/inbox/")
    page.get_by_role("link", name="Reject").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Data is missing").click()
    dialog.get_by_role("button", name="Reject lead").click()
    expect(page.get_by_text("All answered")).to_be_visible()
