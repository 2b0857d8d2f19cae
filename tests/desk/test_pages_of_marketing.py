"""Every page of the marketing side: there for each role, in a constant number of queries, told when empty."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from leads.models import BriefVersion, CompanyRelation, Insight
from leads.services import handoffs
from leads.services.attempts import Contact
from leads.services.deals import Terms
from tests.desk.world import as_user
from tests.factories import (
    NOON,
    make_campaign,
    make_company,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
)

pytestmark = pytest.mark.django_db


def people() -> dict[str, User]:
    team = make_team()
    return {
        "rep": make_member(team, "rep"),
        "sales manager": make_member(team, "sales_manager"),
        "marketing": make_marketer(),
        "operations": make_person(role="operations"),
        "admin": make_person(role="admin"),
        "read-only": make_person(role="read_only"),
        "nobody": make_person(),
    }


def make_story(company: Any, campaign: Any) -> None:
    """One lead of the company that was offered, tried and qualified, with a word of the buyer."""
    lead = make_mql(company=company, campaign=campaign)
    rep = make_member(make_team(), "rep")
    handoff = make_offer(rep.memberships.get().team, rep, lead=lead)
    handoffs.log_attempt(handoff, Contact("call", "talked"), by=rep)
    handoffs.qualify(handoff, by=rep)
    Insight.objects.create(lead=lead, campaign=campaign, kind="objection", words="Too dear", by=rep, at=NOON)


VIEWS = ("offer", "waiting", "returned", "rejected", "recycled", "missing", "all")


def addresses() -> list[str]:
    company, campaign = make_company("Nordhavn"), make_campaign("Webinar")
    BriefVersion.objects.create(campaign=campaign, number=1, promise="An audit", published_at=NOON)
    CompanyRelation.objects.create(company=company, relation="prospect", from_at=NOON)
    make_story(company, campaign)
    queue, search = reverse("desk:queue"), reverse("desk:search")
    names = ("queue", "queue-filter", "queue-csv", "lead-new", "campaigns", "search")
    return [
        *(reverse(f"desk:{name}") for name in names),
        *(f"{queue}?view={view}" for view in VIEWS),
        f"{queue}?view=all&part=list",
        f"{queue}?view=all&sort=-company&source=x&clock=late&created=7d&q=nord",
        reverse("desk:company", args=[company.public_id]),
        reverse("desk:deal", args=[company.deals.get().public_id]),
        f"{reverse('desk:campaigns')}?list=ended",
        reverse("desk:campaign", args=[campaign.slug]),
        f"{search}?q=nord",
        f"{search}?q=nothing+like+it",
    ]


@pytest.mark.parametrize(
    "role", ["rep", "sales manager", "marketing", "operations", "admin", "read-only", "nobody"]
)
def test_every_page_opens_for_every_role(role: str) -> None:
    pages = addresses()
    client = as_user(people()[role])

    statuses = {page: client.get(page).status_code for page in pages}

    refused = {reverse("desk:lead-new")} if role in ("read-only", "nobody") else set()
    assert statuses == {page: 403 if page in refused else 200 for page in pages}


def test_no_page_opens_without_signing_in() -> None:
    pages = addresses()
    client = Client()

    assert {client.get(page).status_code for page in pages} == {302}


@pytest.mark.parametrize("name", ["company", "deal"])
def test_a_forged_address_is_404(name: str) -> None:
    client = as_user(make_person())

    assert (
        client.get(reverse(f"desk:{name}", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404
    )
    assert client.get(reverse("desk:campaign", args=["none"])).status_code == 404


def queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(page).status_code == 200
    return len(caught)


@pytest.mark.parametrize("part", ["queue", "company", "campaign", "campaigns", "search"])
def test_three_rows_cost_as_many_queries_as_one(part: str) -> None:
    company, campaign = make_company("Nordhavn"), make_campaign("Webinar Nordhavn")
    page = {
        "queue": f"{reverse('desk:queue')}?view=all",
        "company": reverse("desk:company", args=[company.public_id]),
        "campaign": reverse("desk:campaign", args=[campaign.slug]),
        "campaigns": reverse("desk:campaigns"),
        "search": f"{reverse('desk:search')}?q=nordhavn",
    }[part]
    client = as_user(make_marketer())
    make_story(company, campaign)
    one = queries(client, page)

    for number in range(2):
        make_story(company, campaign)
        make_story(make_company(f"Nordhavn {number}"), make_campaign(f"Webinar Nordhavn {number}"))

    assert queries(client, page) == one


def test_money_of_a_company_is_counted_once() -> None:
    company, campaign = make_company("Nordhavn"), make_campaign()
    rep = make_member(make_team(), "rep")
    team = rep.memberships.get().team
    deal = None
    for _ in range(2):
        handoff = make_offer(team, rep, lead=make_mql(company=company, campaign=campaign))
        handoffs.log_attempt(handoff, Contact("call", "talked"), by=rep)
        terms = None if deal else Terms(amount=Decimal(310_000), currency="USD")
        handoffs.qualify(handoff, by=rep, deal=deal, terms=terms)
        deal = deal or company.deals.get()

    page = as_user(rep).get(reverse("desk:company", args=[company.public_id])).content.decode()

    assert "2 handoffs, one deal: $310,000. Summed over handoffs it would read $620,000." in page
    assert page.count('id="deal-') == 1


def test_an_offer_says_to_whom_it_went() -> None:
    lead, team = make_mql(), make_team()

    page = (
        as_user(make_marketer())
        .post(f"/leads/{lead.public_id}/offer/", {"to": f"team:{team.public_id}"}, follow=True)
        .content.decode()
    )

    assert f"{lead} is offered to the pool of {team}." in page
