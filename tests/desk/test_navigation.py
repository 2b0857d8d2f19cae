"""The sidebar, where people land, and search."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from accounts.models import User
from accounts.queries import standing_of
from desk import navigation
from desk.api.limits import SEARCH, wait_for
from desk.views.home import landing
from notifications.models import Notice
from tests.factories import (
    NOON,
    make_campaign,
    make_company,
    make_handoff,
    make_lead,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
)

pytestmark = pytest.mark.django_db


def counts(person: User) -> dict[str, int]:
    return {item["key"]: item["count"] for group in navigation.groups(person) for item in group["items"]}


def test_every_item_leads_to_a_page_that_exists() -> None:
    items = navigation.items()

    assert [resolve(item["url"]).func is not None for item in items] == [True] * len(items)
    assert {"inbox", "today", "queue", "campaigns", "settings"} <= {item["key"] for item in items}


@pytest.mark.parametrize(("role", "shown"), [("read_only", False), ("operations", True)])
def test_the_key_of_a_new_lead_is_told_to_those_who_may_add_one(
    client: Client, role: str, shown: bool
) -> None:
    client.force_login(make_person(role=role))

    page = client.get(reverse("accounts:settings-you")).content.decode()

    assert ("<dd>New lead, in the queue</dd>" in page) == shown


def test_the_sidebar_is_the_same_for_everyone() -> None:
    people = [make_person(role="admin"), make_person(role="read_only"), make_marketer(), make_person()]

    keys = [
        [(group["label"], [item["key"] for item in group["items"]]) for group in navigation.groups(person)]
        for person in people
    ]

    assert keys == [keys[0]] * 4


def test_what_the_sidebar_and_the_bar_of_the_phone_show_is_asked_once(client: Client) -> None:
    client.force_login(make_member(make_team(), "sales_manager"))
    page = reverse("accounts:settings-teams")
    client.get(page)

    with CaptureQueriesContext(connection) as asked:
        client.get(page)

    tables = ("notifications_notice", "accounts_membership")
    assert [sum(f'FROM "{table}"' in query["sql"] for query in asked) for table in tables] == [1, 1]


def test_three_at_most_stand_in_the_bar_of_the_phone() -> None:
    assert [item["short"] for item in navigation.items() if item["phone"]] == ["Inbox", "Today", "Dashboard"]


def test_counts_are_what_waits_for_this_person() -> None:
    team = make_team()
    rep, colleague, marketer = make_member(team), make_member(team), make_marketer()
    make_offer(team, rep)
    make_offer(team, rep)
    make_handoff("returned", team=team, holder=rep)
    make_mql()

    assert [counts(person)["inbox"] for person in (rep, colleague, marketer)] == [2, 0, 0]
    assert [counts(person)["queue"] for person in (rep, marketer)] == [0, 2]


def test_a_page_without_its_sidebar_counts_nothing() -> None:
    client = Client()
    client.force_login(make_marketer())
    client.get(reverse("desk:search"))

    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("desk:search"), headers={"HX-Request": "true"})

    assert [query["sql"] for query in caught if "leads_handoff" in query["sql"]] == []


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("rep", "desk:inbox"),
        ("sales_manager", "dashboards:dashboard"),
        ("marketing", "desk:queue"),
        ("marketing_manager", "dashboards:dashboard"),
    ],
)
def test_each_role_lands_where_its_work_waits(role: str, page: str) -> None:
    side = "demand" if role.startswith("marketing") else "sales"

    assert landing(standing_of(make_member(make_team(function=side), role))) == page


def test_the_first_page_leads_on() -> None:
    client = Client()
    client.force_login(make_marketer())

    assert client.get("/").headers["Location"] == reverse("desk:queue")


def find(words: str, person: User | None = None, **headers: str) -> str:
    client = Client()
    client.force_login(person or make_person())
    return client.get(reverse("desk:search"), {"q": words}, headers=headers).content.decode()


def test_search_finds_every_kind_of_thing_by_any_of_its_words() -> None:
    make_lead(first_name="Maren", last_name="Solberg", search_text="maren solberg nordhavn")
    make_company("Nordhavn Shipping")
    make_campaign("Nordic Water Days")
    make_person("Nora Nord")

    page = find("NORD")

    assert [
        name in page for name in ("Maren Solberg", "Nordhavn Shipping", "Nordic Water Days", "Nora Nord")
    ] == [True] * 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "Find a lead, a company, a campaign or a person"),
        ("a", "One letter is too little"),
        ("nothing like it", "Nothing found"),
        ("\x00", "Find a lead, a company, a campaign or a person"),
        ("50%_off\\", "Nothing found"),
    ],
)
def test_search_says_what_an_empty_result_means(words: str, says: str) -> None:
    assert says in find(words)


def test_a_lead_that_was_merged_is_not_found_twice() -> None:
    survivor = make_lead(last_name="Kept", search_text="solberg")
    make_lead(last_name="Gone", search_text="solberg", merged_into=survivor)

    page = find("solberg")

    assert ("Kept" in page, "Gone" in page) == (True, False)


def test_the_palette_gets_links_and_jumps() -> None:
    make_lead(first_name="Import", last_name="Er", search_text="import er")

    fragment = find("import", **{"HX-Request": "true"})

    assert fragment.lstrip().startswith("<h3>Jump to</h3>")
    assert ("<html" in fragment, "Import Er" in fragment, 'href="/import/"' in fragment) == (
        False,
        True,
        True,
    )


def test_a_name_cannot_bring_markup() -> None:
    make_lead(first_name="<script>", last_name="x", search_text="<script> x")

    assert "<script> x" not in find("script", **{"HX-Request": "true"})


def test_the_thirty_first_search_of_a_minute_is_refused_s26() -> None:
    person = make_person()
    client = Client()
    client.force_login(person)

    first = client.get(reverse("desk:search")).status_code
    for minute in (time.time(), time.time() + 60):  # it may end while they are sent
        for _ in range(30):
            wait_for(SEARCH, f"user{person.pk}", now=minute)

    assert (first, client.get(reverse("desk:search")).status_code, SEARCH.calls) == (200, 429, 30)


def test_notices_not_seen_yet_are_counted_beside_the_bell() -> None:
    person, client = make_person(), Client()
    Notice.objects.create(person=person, topic="offer", text="New", at=NOON)
    Notice.objects.create(person=person, topic="offer", text="Old", at=NOON, seen_at=NOON)
    client.force_login(person)

    page = client.get("/today/").content.decode()

    assert '<span class="n">1<span class="sr"> new</span></span>' in page


def test_search_says_when_there_are_more_than_it_shows() -> None:
    for number in range(51):
        make_lead(last_name=f"Nord{number}", search_text=f"nord{number}")
    client = Client()
    client.force_login(make_person())

    page = client.get(reverse("desk:search"), {"q": "nord"})
    of_leads = client.get(reverse("desk:search"), {"q": "nord", "kind": "lead"})

    assert [tab["count"] for tab in page.context["tabs"]] == ["50+", "50+", "0", "0", "0"]
    assert (len(page.context["hits"]), len(of_leads.context["hits"])) == (8, 50)


def test_an_open_lead_is_found_before_a_closed_one_of_the_same_name() -> None:
    for stage, title in (("sales_accepted", "Works on"), ("disqualified", "Closed since")):
        make_lead(stage, first_name="Mira", last_name="Holt", title=title, search_text="mira holt")

    page = find("mira")

    assert page.index("Works on") < page.index("Closed since")
