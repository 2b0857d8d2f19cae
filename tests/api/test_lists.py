"""The lists of the API: filters, cursors, a constant number of queries; and calls that are sent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from tests.api.callers import Caller, make_world
from tests.factories import make_handoff, make_lead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def pages(caller: Caller, address: str, **query: Any) -> list[list[str]]:
    answer = caller.get(address, **query).json()
    found = [[row["id"] for row in answer["results"]]]
    while answer["next"]:
        answer = caller.get(answer["next"]).json()
        found.append([row["id"] for row in answer["results"]])
    return found


@pytest.mark.parametrize("address", ["leads/", "handoffs/"])
def test_cursors_walk_through_every_row_once(address: str) -> None:
    caller = make_world().marketing
    for _ in range(5):
        make_handoff()

    found = pages(caller, address, page_size=2)

    assert [len(rows) for rows in found] == [2, 2, 1]
    assert len({row for rows in found for row in rows}) == 5


def test_previous_leads_back() -> None:
    caller = make_world().marketing
    for _ in range(3):
        make_lead()
    first = caller.get("leads/", page_size=2).json()

    second = caller.get(first["next"]).json()
    back = caller.get(second["previous"]).json()

    assert (first["previous"], second["next"]) == (None, None)
    assert back["results"] == first["results"]


@pytest.mark.parametrize("address", ["leads/", "handoffs/", "leads/?view=open&sort=clock"])
def test_three_rows_cost_as_many_queries_as_one(address: str) -> None:
    world = make_world()
    world.accepted()
    world.marketing.get(address)
    counted = []

    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert world.marketing.get(address).status_code == 200
        counted.append(len(caught))
        world.accepted()
        world.accepted()

    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "offered"}, ["offered"]),
        ({"status": ["offered", "accepted"]}, ["accepted", "offered"]),
        ({"status": "open"}, ["accepted", "offered"]),
        ({"owner": "none"}, ["offered", "rejected"]),
        ({"team": "Mid-market"}, ["accepted"]),
    ],
)
def test_handoffs_are_filtered(query: dict[str, Any], found: list[str]) -> None:
    world = make_world()
    make_handoff("offered")
    make_handoff("accepted", team=world.team, holder=world.rep)
    make_handoff("rejected")

    answer = world.marketing.get("handoffs/", **query).json()

    assert sorted(row["status"] for row in answer["results"]) == found


@pytest.mark.parametrize("by", ["id", "external_id"])
def test_handoffs_of_one_lead(by: str) -> None:
    world = make_world()
    world.offered()
    lead = world.mql()
    world.marketing.post("handoffs/", {"lead": lead["id"]})

    answer = world.marketing.get("handoffs/", lead=lead[by]).json()

    assert [row["lead"] for row in answer["results"]] == [lead["id"]]


def test_leads_take_the_filters_of_the_queue() -> None:
    world = make_world()
    world.lead(source="Webinar")
    offered = world.offered()

    answers = [
        world.marketing.get("leads/", **query).json()["results"]
        for query in (
            {"source": "webinar"},
            {"view": "waiting"},
            {"stage": "inquiry"},
            {"team": "Mid-market"},
        )
    ]

    assert [len(rows) for rows in answers] == [1, 1, 1, 1]
    assert answers[1][0]["handoff"] == offered["id"]


def test_upsert_answers_200_and_erases_nothing() -> None:
    world = make_world()
    lead = world.lead(title="VP", attributes={"region": "North"})

    answer = world.marketing.post("leads/", {"email": lead["email"], "title": "", "country": "NO"})

    assert (answer.status_code, answer.json()["id"]) == (200, lead["id"])
    assert (answer.json()["title"], answer.json()["country"]) == ("VP", "NO")
    assert answer.json()["attributes"] == {"region": "North"}


def test_a_hand_raise_is_offered_at_once() -> None:
    world = make_world()
    lead = world.lead()

    touch = world.marketing.post("touches/", {"lead": lead["id"], "kind": "demo_request"})

    assert (touch.status_code, touch.json()["stage"]) == (201, "marketing_qualified")
    assert world.sales.get("handoffs/", lead=lead["id"]).json()["results"][0]["hand_raise"] is True


def test_a_repeated_call_under_one_key_acts_once_r30() -> None:
    world = make_world()
    body = {"email": "twice@acme.example"}

    answers = [world.marketing.post("leads/", body, Idempotency_Key="k1") for _ in range(2)]
    other = world.marketing.post("leads/", {"email": "other@acme.example"}, Idempotency_Key="k1")

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert (other.status_code, Lead.objects.count()) == (422, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_is_first() -> None:
    world = make_world()
    way = f"handoffs/{world.offered()['id']}/accept/"
    callers = [Caller(world.rep), Caller(world.other_rep)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda caller: _closing(caller, way), callers))

    assert sorted(answers) == [200, 409]


def _closing(caller: Caller, way: str) -> int:
    try:
        return int(caller.post(way).status_code)
    finally:
        connections.close_all()


def test_the_schema_names_every_verb_with_its_body() -> None:
    world = make_world()

    paths = world.marketing.get("schema/", format="json").json()["paths"]

    verbs = {path for path in paths if path.startswith("/api/v1/handoffs/{public_id}/")}
    assert len(verbs) == 21
    assert all(
        "requestBody" in paths[path]["post"] for path in verbs if path != "/api/v1/handoffs/{public_id}/"
    )


@pytest.mark.parametrize(
    "address",
    ["teams/", "people/", "reasons/", "touch-kinds/", "campaigns/", "definitions/", "metrics/", "clocks/",
     "breaches/", "leads/", "handoffs/"],
)  # fmt: skip
def test_a_filter_that_no_list_has_is_refused_not_ignored(address: str) -> None:
    answer = make_world().marketing.get(address, bogus="1", page_size=1)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "bogus", "reason": "There is no such filter."}]


@pytest.mark.parametrize("address", ["clocks/", "breaches/", "handoffs/"])
@pytest.mark.parametrize("query", [{"team": "Nowhere"}, {"owner": "nobody@x.example"}])
def test_a_team_or_person_that_there_is_not_is_refused_not_found_empty(
    address: str, query: dict[str, str]
) -> None:
    answer = make_world().marketing.get(address, **query)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [*query]


def test_the_timeline_is_read_in_pages_there_and_back() -> None:
    world = make_world()
    lead = world.accepted()["lead"]
    for kind in ("webinar", "demo_request"):  # of one moment
        world.marketing.post("touches/", {"lead": lead, "kind": kind, "at": "2026-01-05T09:00:00Z"})
    address = f"leads/{lead}/timeline/"
    whole = world.marketing.get(address, page_size=200).json()

    walked, page = [], world.marketing.get(address, page_size=1).json()
    assert (page["previous"], len(page["results"])) == (None, 1)
    while page["next"]:
        walked += page["results"]
        page = world.marketing.get(page["next"]).json()
    walked += page["results"]
    back = [page["results"]]
    while page["previous"]:
        page = world.marketing.get(page["previous"]).json()
        back.insert(0, page["results"])

    assert (whole["next"], whole["previous"], len(whole["results"]) > 4) == (None, None, True)
    assert walked == whole["results"]
    assert [row for rows in back for row in rows] == whole["results"]


def test_the_metrics_are_read_in_pages_there_and_back() -> None:
    caller = make_world().marketing

    first = caller.get("metrics/", page_size=2).json()
    second = caller.get(first["next"]).json()
    whole = caller.get("metrics/", page_size=200).json()

    assert first["results"] + second["results"] == whole["results"][:4]
    assert (first["previous"], whole["next"]) == (None, None)
    assert caller.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query", [{"page_size": "abc"}, {"page_size": "0"}, {"page_size": "201"}, {"cursor": "x"}]
)
@pytest.mark.parametrize("address", ["metrics/", "timeline"])
def test_a_page_that_there_cannot_be_is_refused(address: str, query: dict[str, str]) -> None:
    world = make_world()
    address = f"leads/{world.lead()['id']}/timeline/" if address == "timeline" else address

    answer = world.marketing.get(address, **query)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [*query]


def test_the_schema_names_the_pages_of_every_list() -> None:
    paths = make_world().marketing.get("schema/", format="json").json()["paths"]
    lists = [
        f"/api/v1/{name}/"
        for name in (
            "leads",
            "leads/{public_id}/timeline",
            "handoffs",
            "clocks",
            "breaches",
            "metrics",
            "teams",
        )
    ]

    named = {path: {one["name"] for one in paths[path]["get"]["parameters"]} for path in lists}

    assert [path for path in lists if not {"cursor", "page_size"} <= named[path]] == []
