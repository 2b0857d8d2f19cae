"""The pages of contract and breaches, and the lists for programs: both teams read the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services import keys
from sla.models import Breach, Excuse
from sla.services import agreements, clocks
from tests.factories import (
    HOUR,
    NOON,
    make_calendar,
    make_company,
    make_handoff,
    make_lead,
    make_member,
    make_person,
    make_qualification,
    make_reason,
    make_team,
)
from tests.sla.makers import draft, happens, make_contract, promise, sign

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "agreement.json"


@pytest.fixture
def sales():
    return make_team("Mid-market EMEA", calendar=make_calendar())


@pytest.fixture
def manager(sales):
    return make_member(sales, "sales_manager", person=make_person(email="dana.whitfield@northwater.example"))


@pytest.fixture
def marketer():
    demand = make_team("Demand generation", function="demand", calendar=make_calendar())
    return make_member(
        demand, "marketing_manager", person=make_person(email="elise.moreau@northwater.example")
    )


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def missed(database_clock, sales, count: int = 1, **lead) -> list[Breach]:
    """Answers that were due at one and are looked at in the afternoon."""
    if not Breach.objects.exists():
        make_contract(answer=HOUR)
    for _ in range(count):
        made = make_lead(stage="marketing_qualified", company=make_company(), **lead)
        handoff = make_handoff(lead=made, qualification=make_qualification(made), team=sales)
        happens("offered", handoff, NOON)
    database_clock.set(NOON + 3 * HOUR)
    clocks.sweep()
    return list(Breach.objects.order_by("pk"))


def test_the_contract_shows_what_each_side_owes(database_clock, manager, marketer):
    for name in ("Enterprise", "Americas development", "Americas sales"):
        make_team(name, calendar=make_calendar())
    agreements.load(json.loads(EXAMPLE.read_text()), at=NOON)
    database_clock.set(NOON + HOUR)

    page = signed_in(marketer).get("/contract/").content.decode()

    for words in (
        "Answer a demo request",
        "in 30 m",
        "240 a month",
        "5 attempts in 10 days",
        "Buyer wait",
        "Elise",
        "in force",
    ):
        assert words in page or words == "Elise"
    assert page.count('class="sign"') == 2


def test_the_contract_shows_what_may_pause_a_clock_by_hand_and_the_reasons_it_judges_by(manager):
    size = make_reason("reject", "too-small", counts_against="marketing", next_step="nurture")
    dropped = make_reason("disqualify", "no-need", minimum_attempts=3, is_active=False)
    make_reason("pause", "buyer-away")
    version = draft()
    version.pause_rules = {"reasons": ["buyer-away"], "cap_hours": 45}
    version.save()
    version.reasons.set([size, dropped])
    promise(version, "answer", HOUR)
    sign(version)

    page = signed_in(manager).get("/contract/").content.decode()

    assert "Buyer away; up to 45 business hours a cycle." in page
    assert "Reject, 1" in page
    assert "<span>Too small</span><small>Counts against marketing, then nurture</small>" in page
    assert "<span>No need</span><small>After 3 attempts</small>" in page
    assert "1 of them was dropped or worded anew since" in page


@pytest.mark.parametrize("rules", [{}, {"reasons": 7}])
def test_a_contract_that_says_nothing_of_pauses_allows_any(manager, rules):
    version = draft()
    version.pause_rules = rules
    version.save()
    promise(version, "answer", HOUR)
    sign(version)

    assert "Any reason; for as long as it takes." in signed_in(manager).get("/contract/").content.decode()


def test_without_a_contract_the_page_says_what_to_do(manager):
    page = signed_in(manager).get("/contract/")

    assert (page.status_code, "No contract yet" in page.content.decode()) == (200, True)


def test_an_unknown_version_of_the_contract_is_not_there(manager):
    assert signed_in(manager).get("/contract/99/").status_code == 404


def test_breaches_show_the_same_rows_to_both_teams(database_clock, sales, manager, marketer):
    [breach] = missed(database_clock, sales)
    name = str(breach.clock.lead)

    pages = [
        signed_in(person).get("/breaches/?from=2026-06-01&to=2026-06-30").content.decode()
        for person in (manager, marketer)
    ]

    assert [name in page and "2 h 00 m late" in page for page in pages] == [True, True]


def test_only_what_is_still_open_is_drawn_as_an_alarm(database_clock, sales, manager):
    [breach] = missed(database_clock, sales)
    still_open = signed_in(manager).get("/breaches/").content.decode()

    happens("rejected", breach.clock.handoff, NOON + 3 * HOUR, next_step="close")
    closed = signed_in(manager).get("/breaches/").content.decode()

    assert [page.count('class="sla bad"') for page in (still_open, closed)] == [1, 0]
    assert '<span class="num">2 h 00 m late</span>' in closed
    assert ["Reassign</a>" in page for page in (still_open, closed)] == [True, False]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 2), ("view=open", 2), ("view=sales", 2), ("view=marketing", 0), ("view=excuses", 0), ("kind=answer", 2),
        ("kind=rework", 0), ("cause=nobody", 2), ("cause=absent", 0), ("source=Webinar", 2), ("source=Fair", 0),
        ("team=Mid-market EMEA", 2), ("team=Nobody", 0), ("from=2026-06-01&to=2026-06-03", 2),
        ("from=2026-06-01&to=2026-06-02", 0),
        ("view=nonsense&kind=nonsense", 2), ("from=soon", 2), ("cursor=made-up", 2),
        ("view=all&from=2026-07-01&to=2026-06-01", 2), ("from=0001-01-01", 2),
    ],
)  # fmt: skip
def test_filters_live_in_the_address(database_clock, sales, manager, query, shown):
    missed(database_clock, sales, 2, source="webinar", source_key="webinar")

    page = signed_in(manager).get(f"/breaches/?{query}")

    assert (page.status_code, page.content.decode().count("data-row")) == (200, shown)


def test_the_list_leaves_as_a_file_with_its_filters(database_clock, sales, manager):
    missed(database_clock, sales, 2)

    lines = [
        b"".join(signed_in(manager).get(f"/breaches/breaches.csv?{query}").streaming_content)
        .decode()
        .splitlines()
        for query in ("", "kind=rework")
    ]

    assert [len(found) for found in lines] == [3, 1]
    assert lines[0][0].lstrip("\ufeff").startswith("lead,company,source,clock,promise,target_minutes,due_at")
    assert (
        ",answer,answer 0,60,2026-06-03T13:00:00+00:00,,,120,sales,Mid-market EMEA,,nobody,,no" in lines[0][1]
    )


def test_a_person_takes_five_files_an_hour(database_clock, sales, manager):
    """S26."""
    client = signed_in(manager)

    answers = [client.get("/breaches/breaches.csv").status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_the_list_takes_the_same_queries_for_one_row_and_for_three(database_clock, sales, manager):
    client = signed_in(manager)
    missed(database_clock, sales, 1)
    client.get("/breaches/")
    with CaptureQueriesContext(connection) as one:
        client.get("/breaches/")
    missed(database_clock, sales, 2)

    with CaptureQueriesContext(connection) as three:
        client.get("/breaches/")

    assert len(one) == len(three)


def test_sales_asks_and_marketing_decides_on_the_page(database_clock, sales, manager, marketer):
    [breach] = missed(database_clock, sales)
    url = reverse("sla:breach-excuse", args=[breach.public_id])

    asked = signed_in(manager).post(url, {"reason": "Sudden illness"})
    decided = signed_in(marketer).post(url, {"decision": "granted"})

    assert [asked.status_code, decided.status_code] == [302, 302]
    assert Excuse.objects.get().decision == "granted"


def test_other_needs_words_and_what_was_chosen_stays(database_clock, sales, manager):
    [breach] = missed(database_clock, sales)

    answer = signed_in(manager).post(
        reverse("sla:breach-excuse", args=[breach.public_id]), {"reason": "Other"}
    )

    assert (answer.status_code, "Say what happened." in answer.content.decode()) == (422, True)


def test_the_other_side_cannot_ask_on_the_page(database_clock, sales, marketer):
    [breach] = missed(database_clock, sales)

    answer = signed_in(marketer).post(
        reverse("sla:breach-excuse", args=[breach.public_id]), {"reason": "Sudden illness"}
    )

    assert (answer.status_code, Excuse.objects.count()) == (403, 0)


def test_a_breach_that_is_none_is_not_there(manager):
    assert signed_in(manager).get("/breaches/00000000-0000-4000-8000-000000000000/excuse/").status_code == 404


@pytest.mark.parametrize("url", ["/contract/", "/breaches/", "/breaches/filter/"])
def test_nobody_reads_without_signing_in(url):
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(("view", "days"), [("open", False), ("excuses", False), ("sales", True), ("", True)])
def test_the_filter_is_a_page_without_script_and_asks_for_days_where_they_count(manager, view, days):
    answer = signed_in(manager).get(f"/breaches/filter/?kind=answer&view={view}")

    assert (answer.status_code, 'name="from"' in answer.content.decode()) == (200, days)


@pytest.mark.parametrize(("query", "leads_back"), [("", False), ("from=2024-01-01&to=2024-01-31", True)])
def test_from_days_that_were_chosen_one_gets_back_to_this_month(manager, query, leads_back):
    page = signed_in(manager).get(f"/breaches/?{query}").content.decode()

    assert ("Remove filter Period" in page) == leads_back


@pytest.fixture
def caller(manager) -> Client:
    return program(manager, "clocks:read", "breaches:read")


def program(person, *scopes: str) -> Client:
    _, secret = keys.create(person, scopes=scopes)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_programs_read_clocks_as_they_are_defined(database_clock, sales, caller):
    [breach] = missed(database_clock, sales)

    answer = caller.get("/api/v1/clocks/").json()

    assert answer == {
        "results": [
            {
                "id": str(breach.clock.public_id), "kind": "answer", "round": 1, "status": "breached",
                "started_at": "2026-06-03T12:00:00Z", "due_at": "2026-06-03T13:00:00Z", "satisfied_at": None,
            }
        ],
        "next": None,
        "previous": None,
    }  # fmt: skip


def test_programs_read_breaches_with_their_clock(database_clock, sales, caller):
    [breach] = missed(database_clock, sales)

    [row] = caller.get("/api/v1/breaches/?open=true").json()["results"]

    assert (row["id"], row["clock"]["kind"], row["at"], row["team"], row["cause"], row["excused"]) == (
        str(breach.public_id), "answer", "2026-06-03T13:00:00Z", "Mid-market EMEA", "nobody", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=answer", 3), ("kind=rework", 0), ("status=breached", 3), ("status=met", 0), ("team=Mid-market EMEA", 3),
        ("due_from=2026-06-04", 0), ("due_to=2026-06-04T00:00Z", 3), ("page_size=2", 2),
    ],
)  # fmt: skip
def test_lists_are_narrowed_and_paged(database_clock, sales, caller, query, count):
    missed(database_clock, sales, 3)

    assert len(caller.get(f"/api/v1/clocks/?{query}").json()["results"]) == count


def test_pages_follow_each_other_without_gap(database_clock, sales, caller):
    missed(database_clock, sales, 3)
    first = caller.get("/api/v1/clocks/?page_size=2").json()

    second = caller.get(first["next"]).json()

    ids = [row["id"] for row in first["results"] + second["results"]]
    assert (len(set(ids)), second["next"]) == (3, None)


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/api/v1/clocks/?colour=red", "colour"), ("/api/v1/clocks/?kind=smile", "kind"),
        ("/api/v1/clocks/?lead=7", "lead"), ("/api/v1/clocks/?due_from=soon", "due_from"),
        ("/api/v1/clocks/?cursor=made-up", "cursor"), ("/api/v1/breaches/?open=perhaps", "open"),
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_refused(caller, url, field):
    answer = caller.get(url)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


def test_a_key_without_the_scope_is_refused(manager):
    assert program(manager, "leads:read").get("/api/v1/clocks/").status_code == 403


def test_times_and_owners_cannot_be_written(caller):
    """B17: no address of clocks takes anything."""
    assert caller.post(
        "/api/v1/clocks/", {"due_at": "2030-01-01"}, content_type="application/json"
    ).status_code in (403, 405)


def test_a_month_without_breaches_says_so(manager):
    assert "No breach here" in signed_in(manager).get("/breaches/").content.decode()


def test_two_days_ago_is_said_in_words(database_clock, sales, manager):
    missed(database_clock, sales)
    database_clock.set(NOON + timedelta(days=2))

    assert "1 d 23 h late" in signed_in(manager).get("/breaches/").content.decode()
