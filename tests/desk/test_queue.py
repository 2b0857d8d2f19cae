"""The lead queue: views, filters, order, pages, the file, and acts on many leads."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from common.database.moments import database_now
from common.web.csv_export import BOM
from desk.queries.filters import read_filters
from desk.queries.lists import in_order, leads_for_filters
from leads.models import Lead
from leads.services import handoffs
from tests.desk.world import World, as_user
from tests.factories import (
    NOON,
    make_campaign,
    make_company,
    make_handoff,
    make_lead,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_reason,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marketer: User) -> Client:
    return as_user(marketer)


def names(client: Client, **query: Any) -> list[str]:
    answer = client.get(f"{reverse('desk:queue')}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200
    return [row.lead.last_name for row in answer.context["rows"]]


def test_each_view_holds_its_leads(client: Client) -> None:
    make_lead(last_name="Inquiry")
    make_mql(last_name="Mql")
    make_offer(lead=make_mql(last_name="Offered"))
    make_handoff("returned", lead=make_lead("marketing_qualified", last_name="Returned"))
    make_handoff("accepted", lead=make_lead("sales_accepted", last_name="Accepted"))
    make_handoff("offered", lead=make_lead("customer", last_name="Customer"))
    make_handoff(
        "rejected", lead=make_lead("marketing_qualified", last_name="Rejected"), closed_at=database_now()
    )
    make_lead("recycled", last_name="Recycled")

    views = ("open", "offer", "waiting", "returned", "rejected", "recycled")
    held = {view: sorted(names(client, view=view)) for view in views}

    assert held == {
        "open": ["Accepted", "Customer", "Mql", "Offered", "Rejected", "Returned"],
        "offer": ["Mql", "Rejected"],
        "waiting": ["Customer", "Offered"],
        "returned": ["Returned"],
        "rejected": ["Rejected"],
        "recycled": ["Recycled"],
    }
    assert len(names(client, view="all")) == 8


def test_tabs_count_what_their_views_hold(client: Client) -> None:
    for _ in range(3):
        make_mql()
    make_offer()

    tabs = client.get(reverse("desk:queue")).context["tabs"]

    assert [(tab["label"], tab["count"]) for tab in tabs][:3] == [
        ("All open", "4"), ("To offer", "3"), ("Waiting on sales", "1")
    ]  # fmt: skip


def test_missing_data_are_open_leads_without_an_agreed_field(client: Client) -> None:
    make_mql(last_name="Bare")
    full = make_mql(last_name="Full", title="CEO", country="NO", company=make_company())
    full.phones.create(phone="+4712345678")
    make_lead(last_name="Not open")

    assert names(client, view="missing") == ["Bare"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"source": "Webinar"}, ["Webinar"]),
        ({"source": ["webinar", "fair"]}, ["Fair", "Webinar"]),
        ({"country": "no"}, ["Webinar"]),
        ({"campaign": "campaign-x"}, ["Fair"]),
        ({"stage": "recycled"}, ["Fair"]),
        ({"q": "webi"}, ["Webinar"]),
        ({"q": "WEBI lead"}, ["Webinar"]),
        ({"q": "webi nothing"}, []),
        ({"created": "7d"}, ["Webinar"]),
        ({"created_from": "2020-01-02"}, ["Webinar"]),
        ({"created_to": "2020-01-01"}, ["Fair"]),
        ({"clock": "none"}, ["Fair", "Webinar"]),
        ({"clock": "late"}, []),
        ({"source": "nobody"}, []),
        ({"stage": "hot"}, []),
        ({"created_from": "soon"}, []),
        ({"source": "a\x00b"}, []),
    ],
)
def test_filters_narrow(client: Client, query: dict[str, Any], expected: list[str]) -> None:
    campaign = make_campaign(name="X")
    campaign.slug = "campaign-x"
    campaign.save()
    make_lead(
        last_name="Webinar", source="Webinar", source_key="webinar", country="NO", country_key="no",
        search_text="lead webinar", created_at=database_now(),
    )  # fmt: skip
    make_lead(
        "recycled", last_name="Fair", source="Fair", source_key="fair", campaign=campaign,
        created_at=NOON.replace(year=2020, month=1, day=1),
    )  # fmt: skip

    assert sorted(names(client, view="all", **query)) == expected


def test_team_and_owner_filters_look_at_the_open_cycle(client: Client) -> None:
    rep = make_member(make_team("Bergen"), "rep")
    make_handoff("accepted", holder=rep, team=rep.memberships.get().team, lead=make_lead(last_name="Held"))
    make_handoff("offered", lead=make_lead(last_name="Pool"))

    assert names(client, team="Bergen") == ["Held"]
    assert names(client, owner=rep.email) == ["Held"]
    assert names(client, owner="none") == ["Pool"]


def test_an_empty_list_names_the_filter_to_drop(client: Client) -> None:
    make_mql()

    page = client.get(f"{reverse('desk:queue')}?source=nowhere&stage=marketing_qualified")

    assert "No lead fits these filters" in page.content.decode()
    assert "Drop stage" in page.content.decode()


def test_pages_of_fifty_follow_each_other_without_losing_a_lead(client: Client) -> None:
    made = {make_mql(last_name=f"L{number:03}").last_name for number in range(60)}

    first = client.get(f"{reverse('desk:queue')}?sort=name")
    second = client.get(reverse("desk:queue") + first.context["page"]["next_url"])

    shown = [[row.lead.last_name for row in page.context["rows"]] for page in (first, second)]
    assert [len(rows) for rows in shown] == [50, 10]
    assert {*shown[0], *shown[1]} == made
    assert second.context["page"]["summary"] == "51 to 60 of 60"
    assert client.get(f"{reverse('desk:queue')}?cursor=made-up").status_code == 200


@pytest.mark.parametrize(
    "sort", ["clock", "-clock", "created", "-created", "name", "-name", "company", "-company"]
)
def test_every_sort_shows_every_lead(client: Client, sort: str) -> None:
    for number in range(3):
        make_mql(company=make_company() if number else None)

    assert len(names(client, sort=sort)) == 3


def test_rows_tell_what_sales_did_and_why(client: Client) -> None:
    rep = make_member(make_team(), "rep")
    make_reason("reject", "student", next_step="fix")
    handoff = make_offer(rep.memberships.get().team, rep)
    handoffs.reject(handoff, by=rep, reason="student", note="Writes a thesis")

    row = client.get(f"{reverse('desk:queue')}?view=rejected").context["rows"][0]

    assert (row.status, row.said, row.note) == ("Rejected", "Student", "Writes a thesis")
    assert [button.label for button in row.buttons] == ["Offer", "Set aside"]


@pytest.mark.parametrize(
    ("status", "labels"), [("offered", ["Withdraw"]), ("returned", ["Resupply", "Withdraw"])]
)
def test_rows_offer_what_marketing_can_do(client: Client, status: str, labels: list[str]) -> None:
    make_handoff(status)

    row = client.get(reverse("desk:queue")).context["rows"][0]

    assert [button.label for button in row.buttons] == labels


def test_who_is_not_marketing_sees_no_buttons() -> None:
    client = Client()
    client.force_login(make_member(make_team(), "rep"))
    make_mql()

    page = client.get(reverse("desk:queue"))

    assert page.context["rows"][0].buttons == ()
    assert 'name="pick"' not in page.content.decode()


def test_the_file_holds_the_filtered_list_and_no_formula(client: Client) -> None:
    make_mql(first_name="=1+1", last_name="Kept", source="A", source_key="a")
    make_mql(last_name="Left", source="B", source_key="b")

    answer = client.get(f"{reverse('desk:queue-csv')}?source=a")

    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.removeprefix(BOM).splitlines()))
    assert [(row["first_name"], row["last_name"], row["stage"]) for row in rows] == [
        ("'=1+1", "Kept", "marketing_qualified")
    ]


def test_the_sixth_file_of_an_hour_is_refused(client: Client) -> None:
    statuses = [client.get(reverse("desk:queue-csv")).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]
    assert "Try again in " in client.get(reverse("desk:queue-csv")).content.decode()


def test_at_volume_no_page_reads_the_whole_table() -> None:
    """20,000 leads of which few are open: the plan goes by indexes, never through all leads."""
    make_many_leads()
    asked = [
        f"view={view}&sort={sort}" for view in ("open", "offer", "waiting", "returned") for sort in SORTED
    ]

    plans = {query: plan_of(query) for query in [*asked, "view=all&sort=-created", "view=all&q=n19"]}

    assert [query for query, plan in plans.items() if "Seq Scan on leads_lead" in plan] == []


SORTED = ("clock", "-created")


def make_many_leads() -> None:
    Lead.objects.bulk_create(
        Lead(
            first_name=f"N{n}", stage="inquiry", stage_at=NOON, recorded_at=NOON, search_text=f"n{n} ab{n * 7}",
            created_at=NOON - timedelta(minutes=n),
        )
        for n in range(20_000)
    )  # fmt: skip
    for lead in Lead.objects.order_by("-pk")[:20]:
        make_handoff("offered", lead=lead)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_of(query: str) -> str:
    filters = read_filters(QueryDict(query), view="open")
    rows, keys = in_order(leads_for_filters(Lead.objects.all(), filters, database_now()), filters.sort)
    return str(rows.order_by(*keys)[:51].explain())


def test_people_of_no_team_may_look(client: Client) -> None:
    make_mql()
    stranger = Client()
    stranger.force_login(make_person())

    assert stranger.get(reverse("desk:queue")).status_code == 200


@pytest.mark.parametrize(("who", "offered"), [("marketer", True), ("rep", False), ("reader", False)])
def test_only_marketing_is_offered_an_import(world: World, who: str, offered: bool) -> None:
    page = as_user(getattr(world, who)).get("/leads/?view=all").content.decode()

    assert ('class="btn no-phone" href="/import/"' in page) is offered


def test_a_lead_without_a_name_goes_by_its_address(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        make_lead("inquiry", f"buyer{number}@example.com", first_name="", last_name="")
    client.get(reverse("desk:queue"))

    with django_assert_max_num_queries(30):
        page = client.get(reverse("desk:queue"), {"view": "all"}).content.decode()

    assert [f"buyer{number}@example.com" in page for number in range(3)] == [True] * 3
    assert "No name" not in page
