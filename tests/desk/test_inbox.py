"""The inbox: whose it is, how it is grouped, its pane, its polling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from leads.services import handoffs
from leads.services.attempts import Contact
from tests.clock import DatabaseClock
from tests.desk.world import HTMX, World, as_user, queries_of
from tests.factories import HOUR, MINUTE, NOON, make_member, make_team

pytestmark = pytest.mark.django_db


def names(page: Any) -> list[str]:
    return [item.handoff.lead.name for item in page.context["inbox"].items]


def test_the_most_pressing_stands_first_and_is_open_in_the_pane(world: World) -> None:
    world.offer(NOON - HOUR, to=world.rep, last_name="Later")
    world.offer(NOON - 3 * HOUR, to=world.rep, last_name="Sooner")

    page = as_user(world.rep).get("/inbox/")

    assert names(page) == ["Lead Sooner", "Lead Later"]
    assert page.context["view"].lead.name == "Lead Sooner"


def test_breached_at_risk_on_track_and_paused_are_groups(world: World, database_clock: DatabaseClock) -> None:
    for hours, name in ((-3, "Late"), (-2.5, "Risk"), (0.5, "Fine")):
        world.offer(NOON + timedelta(hours=hours), to=world.rep, last_name=name)
    standing = world.offer(NOON, to=world.rep, last_name="Stands")
    handoffs.pause(standing, by=world.rep, reason="buyer-away", at=NOON)
    database_clock.set(NOON + HOUR + MINUTE)

    page = as_user(world.rep).get("/inbox/")

    groups = {
        group.label: [item.handoff.lead.last_name for item in group.items]
        for group in page.context["inbox"].groups
    }
    assert groups == {"Breached": ["Late"], "At risk": ["Risk"], "On track": ["Fine"], "Paused": ["Stands"]}


def test_an_offer_moves_through_the_views_as_it_is_worked(world: World) -> None:
    handoff = world.offer(NOON - HOUR, to=world.rep)
    counted = []

    client = as_user(world.rep)
    counted.append(client.get("/inbox/").context["inbox"].counts)
    handoffs.accept(handoff, by=world.rep, at=NOON)
    counted.append(client.get("/inbox/").context["inbox"].counts)
    handoffs.log_attempt(handoff, Contact("call", "talked"), by=world.rep, at=NOON)
    counted.append(client.get("/inbox/").context["inbox"].counts)

    views = ("answer", "first-response", "working", "returned")
    assert [[found[view] for view in views] for found in counted] == [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
    ]


def test_whose_inbox_it_is(world: World) -> None:
    world.offer(to=world.rep, last_name="Mine")
    world.offer(to=world.other, last_name="Tom's")
    world.offer(last_name="Pool")
    elsewhere = make_member(make_team())

    seen = {
        person: sorted(names(as_user(person).get("/inbox/")))
        for person in (world.rep, world.manager, elsewhere)
    }

    assert seen[world.rep] == ["Lead Mine", "Lead Pool"]
    assert seen[world.manager] == ["Lead Mine", "Lead Pool", "Lead Tom's"]
    assert seen[elsewhere] == []


def test_marketing_sees_what_came_back(world: World) -> None:
    handoff = world.offer(to=world.rep, last_name="Back")
    handoffs.return_for_info(handoff, by=world.rep, missing=["phone"], at=NOON)

    page = as_user(world.marketer).get("/inbox/")

    assert page.context["inbox"].view == "returned"
    assert names(page) == ["Lead Back"]


def test_what_was_returned_waits_for_marketing_and_is_nobody_elses_clock(world: World) -> None:
    handoff = world.offer(to=world.rep)
    handoffs.return_for_info(handoff, by=world.rep, missing=["phone"], at=NOON)

    shown = {
        person: as_user(person).get("/inbox/?view=returned").context["inbox"].groups
        for person in (world.rep, world.marketer)
    }

    assert (
        "Resupply in "
        in as_user(world.rep).get(f"/leads/{handoff.lead.public_id}/?part=pane", **HTMX).content.decode()
    )
    waits, owed = (shown[person][0] for person in (world.rep, world.marketer))
    assert (waits.label, waits.items[0].shown.words) == ("Paused", "Waiting for marketing")
    assert owed.label == "On track"
    assert owed.items[0].shown.words.startswith("Resupply in ")


def test_an_empty_view_says_so(world: World) -> None:
    page = as_user(world.rep).get("/inbox/")

    assert "All answered" in page.content.decode()


def test_the_list_answers_304_until_something_but_time_changes(
    world: World, database_clock: DatabaseClock
) -> None:
    handoff = world.offer(NOON - HOUR, to=world.rep)
    client = as_user(world.rep)
    first = client.get("/inbox/?view=answer&part=list", **HTMX)
    database_clock.advance(MINUTE)

    same = client.get("/inbox/?view=answer&part=list", HTTP_IF_NONE_MATCH=first["ETag"], **HTMX)
    handoffs.accept(handoff, by=world.rep, at=NOON + MINUTE)
    changed = client.get("/inbox/?view=answer&part=list", HTTP_IF_NONE_MATCH=first["ETag"], **HTMX)

    assert (first.status_code, same.status_code, changed.status_code) == (200, 304, 200)
    assert same.content == b""


def test_the_pane_is_a_fragment_for_htmx_and_the_inbox_without(world: World) -> None:
    lead = world.offer(to=world.rep).lead
    client = as_user(world.rep)

    fragment = client.get(f"/leads/{lead.public_id}/?part=pane", **HTMX)
    plain = client.get(f"/leads/{lead.public_id}/?part=pane&view=answer")

    assert "<html" not in fragment.content.decode()
    assert reverse("desk:handoff-accept", args=[lead.handoffs.get().public_id]) in fragment.content.decode()
    assert plain["Location"] == f"/inbox/?view=answer&lead={lead.public_id}"


@pytest.mark.parametrize("url", ["/inbox/", "/inbox/?view=answer&part=list"])
def test_three_rows_cost_as_many_queries_as_one(
    world: World, url: str, django_assert_num_queries: Any
) -> None:
    client = as_user(world.rep)
    world.offer(to=world.rep)
    client.get(url)
    spent = queries_of(client, url)
    world.offer(to=world.rep)
    world.offer()

    with django_assert_num_queries(spent):
        client.get(url)


@pytest.mark.parametrize("who", ["rep", "other", "manager", "marketer", "reader"])
@pytest.mark.parametrize("view", ["answer", "first-response", "working", "returned", "nonsense"])
def test_everyone_may_open_every_view(world: World, who: str, view: str) -> None:
    world.offer()

    assert as_user(getattr(world, who)).get(f"/inbox/?view={view}").status_code == 200
