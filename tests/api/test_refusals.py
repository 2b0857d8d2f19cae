"""What calls may not do, and how they are told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from leads.models import Handoff, Lead
from tests.accounts.people import make_person
from tests.api.callers import Caller, make_world

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
NOBODYS = "handoffs/00000000-0000-4000-8000-000000000000"  # in the names of tests: the same in every run
DAYS = {"from": "2026-01-01", "to": "2026-02-01"}
VERBS = [
    "accept", "reject", "redirect", "return", "resupply", "withdraw", "claim", "reassign", "attempts",
    "qualify", "pass", "take", "send-back", "disqualify", "recycle", "win", "lose", "reopen",
    "move-meeting", "call-off-meeting",
]  # fmt: skip


def errors(answer: Any) -> dict[str, str]:
    return {error["field"]: error["reason"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("address", ["leads/", "touches/", "handoffs/", f"{NOBODYS}/accept/"])
def test_without_a_key_401(address: str) -> None:
    answer = Client().post(f"/api/v1/{address}", {}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)


@pytest.mark.parametrize(
    ("method", "address", "needed"),
    [
        ("get", "leads/", "leads:read"),
        ("post", "leads/", "leads:write"),
        ("post", "touches/", "touches:write"),
        ("get", "handoffs/", "handoffs:read"),
        ("post", "handoffs/", "handoffs:write"),
        ("post", f"{NOBODYS}/win/", "handoffs:write"),
    ],
)
def test_a_key_without_the_scope_403(method: str, address: str, needed: str) -> None:
    caller = Caller(make_world().marketer, scopes=["metrics:read"])

    answer = getattr(caller, method)(address)

    assert (answer.status_code, answer.json()["detail"]) == (403, f"This key lacks the scope {needed}.")


def test_a_read_only_person_reads_and_writes_nothing() -> None:
    """Whatever a key was made for, what its person may do now decides (S6)."""
    person = make_person()
    caller = Caller(person)
    person.organisation_role = "read_only"
    person.save(update_fields=["organisation_role"])

    assert caller.get("leads/").status_code == 200
    assert caller.post("leads/", {"email": "a@b.example"}).status_code == 403
    assert Lead.objects.count() == 0


def test_sales_cannot_offer_and_marketing_cannot_accept_403() -> None:
    world = make_world()
    lead, handoff = world.mql(), world.offered()

    offering = world.sales.post("handoffs/", {"lead": lead["id"]})
    accepting = world.marketing.post(f"handoffs/{handoff['id']}/accept/")

    assert (offering.status_code, accepting.status_code) == (403, 403)
    assert offering.json()["detail"] == "Only marketing can do this."
    assert Handoff.objects.values_list("status", flat=True).get() == "offered"


@pytest.mark.parametrize("verb", VERBS)
def test_a_forged_id_404(verb: str) -> None:
    answer = make_world().sales.post(f"handoffs/{uuid4()}/{verb}/", {})

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("rest", ["", "timeline/"])
def test_a_forged_lead_404(rest: str) -> None:
    assert make_world().marketing.get(f"leads/{uuid4()}/{rest}").status_code == 404


def test_who_is_second_is_told_who_was_first_409() -> None:
    world = make_world()
    handoff = world.accepted()

    answer = Caller(world.other_rep).post(f"handoffs/{handoff['id']}/accept/")

    current = answer.json()["current"]
    assert (answer.status_code, current["status"], current["by"]) == (409, "accepted", world.rep.name)
    assert current["at"] == handoff["accepted_at"].replace("Z", "+00:00")


def test_who_accepts_twice_is_told_when_they_did_409() -> None:
    world = make_world()
    handoff = world.accepted()

    again = world.sales.post(f"handoffs/{handoff['id']}/accept/")
    otherwise = world.sales.post(f"handoffs/{handoff['id']}/reject/", {"reason": "reject-it"})

    at = handoff["accepted_at"].replace("Z", "+00:00")
    assert (again.status_code, again.json()["detail"]) == (409, f"You accepted it already at {at}.")
    assert otherwise.json()["detail"] == "This lead is accepted, so it cannot be rejected."


@pytest.mark.parametrize("verb", ["redirect", "reassign"])
def test_who_gives_a_lead_away_twice_is_told_so_and_the_status_that_it_has_409(verb: str) -> None:
    world = make_world()
    handoff, manager = world.offered(), Caller(world.manager)
    manager.post(f"handoffs/{handoff['id']}/{verb}/", {"team": "Enterprise"})

    again = manager.post(f"handoffs/{handoff['id']}/{verb}/", {"team": "Enterprise"})

    current = again.json()["current"]
    assert (again.status_code, current["status"], current["by"]) == (409, "offered", world.manager.name)


def test_who_left_the_team_may_not_do_again_what_he_did_there_403() -> None:
    world = make_world()
    handoff = world.accepted()
    world.rep.memberships.all().delete()

    again = world.sales.post(f"handoffs/{handoff['id']}/accept/")

    assert again.status_code == 403
    assert again.json()["detail"] == "Only the sales team that holds this lead can do this."


def test_an_inquiry_cannot_be_offered_409() -> None:
    world = make_world()

    answer = world.marketing.post("handoffs/", {"lead": world.lead()["id"]})

    assert (answer.status_code, answer["Content-Type"]) == (409, PROBLEM)


def test_an_email_of_a_lead_with_another_external_id_409() -> None:
    world = make_world()
    lead = world.lead()

    answer = world.marketing.post("leads/", {"email": lead["email"], "external_id": "someone else"})

    assert answer.status_code == 409


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_field_of_a_verb_422(verb: str) -> None:
    world = make_world()
    handoff = world.offered()

    answer = world.sales.post(f"handoffs/{handoff['id']}/{verb}/", {"accepted_at": "2020-01-01T00:00:00Z"})

    assert answer.status_code == 422
    assert errors(answer)["accepted_at"] == "There is no such field here."
    assert Handoff.objects.values_list("status", flat=True).get() == "offered"


@pytest.mark.parametrize(
    ("address", "body", "field"),
    [
        ("leads/", {"email": 5}, "email"),
        ("leads/", {"email": "no address"}, "email"),
        ("leads/", {"email": "a@b.example", "first_name": "a\x00b"}, "first_name"),
        ("leads/", {"email": "a@b.example", "first_name": ["a"]}, "first_name"),
        ("leads/", {"email": "a@b.example", "employees": "many"}, "employees"),
        ("leads/", {"email": "a@b.example", "employees": True}, "employees"),
        ("leads/", {"email": "a@b.example", "created_at": "yesterday"}, "created_at"),
        ("leads/", {"email": "a@b.example", "owner": "nobody@x.example"}, "owner"),
        ("leads/", {"email": "a@b.example", "campaign": "none"}, "campaign"),
        ("leads/", {"email": "a@b.example", "attributes": "x"}, "attributes"),
        ("leads/", {"email": "a@b.example", "attributes": {"tier": "a\x00"}}, "attributes.tier"),
        ("leads/", {"email": "a@b.example", "attributes": {"Bad Name": "a"}}, "attributes.Bad Name"),
        ("leads/", {"email": "a@b.example", "title": "x" * 161}, "title"),
        ("leads/", {"due_at": "2020-01-01"}, "due_at"),
        ("leads/", {}, "email"),
        ("touches/", {"kind": "webinar"}, "email"),
        ("touches/", {"kind": "webinar", "email": "unknown@x.example"}, "email"),
        ("touches/", {"kind": "webinar", "lead": str(uuid4())}, "lead"),
        ("touches/", {"email": "x@y.example"}, "kind"),
        ("touches/", {"kind": 1}, "kind"),
        ("touches/", {"kind": "webinar", "at": "soon"}, "at"),
        ("touches/", {"kind": "a\x00"}, "kind"),
        ("handoffs/", {}, "lead"),
        ("handoffs/", {"lead": str(uuid4())}, "lead"),
        ("handoffs/", {"lead": 7}, "lead"),
        ("handoffs/", {"lead": "x", "status": "accepted"}, "status"),
    ],
)
def test_wrong_fields_422(address: str, body: dict[str, Any], field: str) -> None:
    answer = make_world().marketing.post(address, body)

    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert field in errors(answer)
    assert Lead.objects.count() == 0


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("attempts", {"channel": "pigeon", "outcome": "talked"}, "channel"),
        ("attempts", {"channel": "call", "outcome": "talked", "minutes": -1}, "minutes"),
        ("attempts", {"channel": "call", "outcome": "talked", "minutes": True}, "minutes"),
        ("attempts", {"channel": "call"}, "outcome"),
        ("reject", {"reason": "no such reason"}, "reason"),
        ("reject", {}, "reason"),
        ("recycle", {"reason": "recycle-it", "until": "2020-02-30"}, "until"),
        ("win", {"amount": "NaN"}, "amount"),
        ("win", {"amount": -5}, "amount"),
        ("win", {"amount": "1e99"}, "amount"),
        ("redirect", {"team": "Nowhere"}, "team"),
        ("redirect", {"owner": "nobody@x.example"}, "owner"),
        ("qualify", {"deal": "none"}, "deal"),
        ("return", {"missing": "phone"}, "missing"),
        ("return", {"missing": ["phone", "Ask Maren Solberg"]}, "missing"),
        ("reject", {"reason": "reject-it", "criterion": "Maren Solberg lied"}, "criterion"),
        ("accept", {"note": {"a": 1}}, "note"),
    ],
)
def test_wrong_fields_of_a_verb_422(verb: str, body: dict[str, Any], field: str) -> None:
    world = make_world()
    handoff = world.offered()

    answer = world.sales.post(f"handoffs/{handoff['id']}/{verb}/", body)

    assert answer.status_code == 422, answer.content
    assert field in {name.partition(".")[0] for name in errors(answer)}


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("leads/", {"colour": "red"}),
        ("leads/", {"view": "none"}),
        ("leads/", {"stage": "hot"}),
        ("leads/", {"clock": "soon"}),
        ("leads/", {"sort": "value"}),
        ("leads/", {"created_from": "x"}),
        ("leads/", {"cursor": "x"}),
        ("leads/", {"page_size": "many"}),
        ("leads/", {"page_size": "9" * 5_000}),
        ("handoffs/", {"status": "hot"}),
        ("handoffs/", {"team": "Nowhere"}),
        ("handoffs/", {"cursor": "\x00"}),
    ],
)
def test_a_filter_that_means_nothing_422(address: str, query: dict[str, str]) -> None:
    assert make_world().marketing.get(address, **query).status_code == 422


@pytest.mark.parametrize(
    ("address", "name", "rest"),
    [
        ("handoffs/", "lead", {}),
        ("handoffs/", "team", {}),
        ("clocks/", "team", {}),
        ("clocks/", "owner", {}),
        ("breaches/", "source", {}),
        ("metrics/win-rate/", "team", DAYS),
        ("metrics/win-rate/", "source", DAYS),
        ("metrics/win-rate/", "by", DAYS),
    ],
)
def test_a_null_character_in_a_filter_is_told_by_the_name_of_the_filter(
    address: str, name: str, rest: dict[str, str]
) -> None:
    answer = make_world().marketing.get(address, **{name: "a\x00", **rest})

    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    assert errors(answer) == {name: "This holds a null character, which no text does."}
