"""A program that nobody here wrote drives a lead from its first touch to a won deal."""

from __future__ import annotations

import pytest

from leads.models import Lead
from tests.api.callers import Caller, make_world

pytestmark = pytest.mark.django_db


def test_a_lead_goes_from_capture_to_won_by_calls_alone() -> None:
    world = make_world()
    lead = world.lead(company="Nordhavn", company_domain="nordhavn.example", employees=1400)
    touch = {"external_id": "t-1", "lead_external_id": lead["external_id"], "kind": "webinar"}

    touched = [world.marketing.post("touches/", touch).status_code for _ in range(2)]
    world.marketing.post(f"leads/{lead['id']}/mark-mql/", {"reason": "mark-mql-it"})
    offer = {"lead": lead["external_id"], "team": world.team.name}
    offered = world.marketing.post("handoffs/", offer).json()
    steps = [world.sales.post(f"handoffs/{offered['id']}/{verb}/", body) for verb, body in SALES]

    assert (touched, offered["status"], offered["lead"]) == ([201, 200], "offered", lead["id"])
    assert [step.status_code for step in steps] == [200] * 5
    told = [step.json() for step in steps]
    assert [row["status"] for row in told] == ["accepted", "accepted", "accepted", "qualified", "won"]
    assert [row["attempts"] for row in told] == [0, 1, 2, 2, 2]
    assert [(row["deals"][0]["outcome"], row["deals"][0]["amount"]) for row in told[3:]] == [
        ("open", 82000.0), ("won", 90000.5)
    ]  # fmt: skip
    assert world.marketing.get(f"leads/{lead['id']}/").json()["stage"] == "customer"


SALES: tuple[tuple[str, dict[str, object]], ...] = (
    ("accept", {}),
    ("attempts", {"channel": "call", "outcome": "no_answer"}),
    ("attempts", {"channel": "call", "outcome": "talked"}),
    ("qualify", {"amount": 82000, "currency": "EUR"}),
    ("win", {"amount": "90000.50"}),
)


def test_the_timeline_tells_it_page_by_page_without_internal_ids() -> None:
    world = make_world()
    handoff = world.accepted()
    world.sales.post(
        f"handoffs/{handoff['id']}/attempts/", {"channel": "call", "outcome": "talked", "note": "Hi"}
    )

    answer = world.marketing.get(f"leads/{handoff['lead']}/timeline/").json()

    assert [row["kind"] for row in answer["results"]] == [
        "contacted", "accepted", "offered", "mql", "created"
    ]  # fmt: skip
    assert {row["handoff"] for row in answer["results"]} == {handoff["id"], None}
    assert answer["results"][1]["by"] == world.rep.email
    assert (answer["next"], answer["previous"]) == (None, None)


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("reject", {"reason": "reject-it"}, "rejected"),
        ("redirect", {"team": "Enterprise"}, "offered"),
        ("return", {"reason": "return-it"}, "returned"),
        ("return", {"missing": ["phone"]}, "returned"),
        ("claim", {}, "offered"),
    ],
)
def test_sales_answers_an_offer(verb: str, body: dict[str, object], status: str) -> None:
    world = make_world()
    handoff = world.offered()

    answer = world.sales.post(f"handoffs/{handoff['id']}/{verb}/", body)

    assert (answer.status_code, answer.json()["status"]) == (200, status)


def test_marketing_resupplies_and_withdraws() -> None:
    world = make_world()
    way = f"handoffs/{world.offered()['id']}"
    world.sales.post(f"{way}/return/", {"reason": "return-it"})

    answers = [world.marketing.post(f"{way}/{verb}/") for verb in ("resupply", "withdraw")]

    assert [(a.status_code, a.json()["status"]) for a in answers] == [(200, "offered"), (200, "withdrawn")]


@pytest.mark.parametrize(
    ("verb", "body", "status", "stage"),
    [
        ("disqualify", {"reason": "disqualify-it"}, "disqualified", "disqualified"),
        ("recycle", {"reason": "recycle-it", "until": "2999-01-31"}, "recycled", "recycled"),
    ],
)
def test_sales_closes_what_it_accepted(verb: str, body: dict[str, object], status: str, stage: str) -> None:
    world = make_world()
    handoff = world.accepted()

    answer = world.sales.post(f"handoffs/{handoff['id']}/{verb}/", body)

    assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert Lead.objects.get().stage == stage


def test_a_setter_passes_and_a_closer_takes_sends_back_or_loses() -> None:
    world = make_world()
    closing = Caller(world.closer)
    way = f"handoffs/{world.accepted()['id']}"
    to = {"team": world.closers.name, "owner": world.closer.email}

    world.sales.post(f"{way}/qualify/", {})
    world.sales.post(f"{way}/pass/", to)
    back = closing.post(f"{way}/send-back/", {"reason": "send-back-it"})
    world.sales.post(f"{way}/qualify/", {})
    world.sales.post(f"{way}/pass/", to)
    taken = closing.post(f"{way}/take/", {"note": "Mine"})
    lost = closing.post(f"{way}/lose/", {"reason": "lose-it", "note": "Price"})

    assert (back.json()["status"], back.json()["owner"]) == ("accepted", world.rep.email)
    assert (taken.status_code, taken.json()["owner"]) == (200, world.closer.email)
    assert (lost.status_code, lost.json()["status"], lost.json()["reason"]) == (200, "lost", "lose-it")


def test_a_wrong_answer_is_reopened_as_a_new_cycle() -> None:
    world = make_world()
    handoff = world.offered()
    world.sales.post(f"handoffs/{handoff['id']}/reject/", {"reason": "reject-it"})

    answer = world.sales.post(f"handoffs/{handoff['id']}/reopen/")

    assert (answer.status_code, answer.json()["status"], answer.json()["follows"]) == (
        201,
        "offered",
        handoff["id"],
    )


def test_a_manager_reassigns() -> None:
    world = make_world()
    handoff = world.accepted()
    body = {"owner": world.other_rep.email}

    answer = Caller(world.manager).post(f"handoffs/{handoff['id']}/reassign/", body)

    assert (answer.status_code, answer.json()["owner"]) == (200, world.other_rep.email)


def test_marketing_sets_aside() -> None:
    world = make_world()
    lead = world.mql()

    answer = world.marketing.post(
        f"leads/{lead['id']}/set-aside/", {"reason": "set-aside-it", "until": "2999-01-31"}
    )

    assert (answer.status_code, answer.json()["stage"]) == (200, "recycled")
