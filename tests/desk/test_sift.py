"""Narrowing and ordering the inbox, and walking it from the page of a lead."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.queries import standing_of
from desk.queries.inbox import inbox_for
from desk.queries.neighbours import view_holding
from leads.models import Handoff
from leads.services import handoffs
from leads.services.attempts import Contact
from tests.clock import DatabaseClock
from tests.desk.test_inbox import names
from tests.desk.world import HTMX, World, as_user
from tests.factories import HOUR, MINUTE, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world: World) -> World:
    """In the order of their clocks: Berg, Aune (in the pool), Carvalho."""
    for hours, name, to, source in (
        (3, "Berg", world.rep, "Fair"),
        (2, "Aune", None, "Web"),
        (1, "Carvalho", world.rep, "Web"),
    ):
        world.offer(
            NOON - hours * HOUR,
            to=to,
            last_name=name,
            source=source,
            source_key=source.lower(),
            search_text=f"lead {name.lower()}",
        )
    return world


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ["Berg", "Aune", "Carvalho"], id="time left"),
        pytest.param("q=carv", ["Carvalho"], id="words"),
        pytest.param("q=lead+aune", ["Aune"], id="every word must occur"),
        pytest.param("source=web", ["Aune", "Carvalho"], id="source in any case"),
        pytest.param("whose=mine", ["Berg", "Carvalho"], id="held by me"),
        pytest.param("whose=pool", ["Aune"], id="pool"),
        pytest.param("sort=name", ["Aune", "Berg", "Carvalho"], id="by name"),
        pytest.param("sort=newest", ["Carvalho", "Aune", "Berg"], id="newest first"),
        pytest.param("whose=mine&sort=newest", ["Carvalho", "Berg"], id="both"),
        pytest.param(
            "whose=nobody&sort=x", ["Berg", "Aune", "Carvalho"], id="what means nothing is not said"
        ),
        pytest.param("q=%00", ["Berg", "Aune", "Carvalho"], id="null character"),
    ],
)
def test_what_the_address_asks_for_is_listed(three: World, query: str, found: list[str]) -> None:
    page = as_user(three.rep).get(f"/inbox/?view=answer&{query}")

    assert names(page) == [f"Lead {name}" for name in found]
    assert page.context["inbox"].counts["answer"] == len(found)


def test_an_order_holds_within_the_groups_of_clocks(three: World, database_clock: DatabaseClock) -> None:
    three.offer(NOON - 9 * HOUR, to=three.rep, last_name="Abel")
    database_clock.set(NOON + HOUR + MINUTE)

    page = as_user(three.rep).get("/inbox/?view=answer&sort=name")

    groups = page.context["inbox"].groups
    listed = {group.label: [item.handoff.lead.last_name for item in group.items] for group in groups}
    assert listed == {"Breached": ["Abel", "Berg"], "On track": ["Aune", "Carvalho"]}


def test_each_filter_is_a_chip_that_drops_it_alone(three: World) -> None:
    page = as_user(three.rep).get("/inbox/?view=answer&q=aune&whose=pool&sort=name")

    assert [(chip["field"], chip["value"], chip["remove_url"]) for chip in page.context["chips"]] == [
        ("Text", "aune", "/inbox/?view=answer&whose=pool&sort=name"),
        ("Whose", "In a pool", "/inbox/?view=answer&q=aune&sort=name"),
    ]


def test_an_empty_list_says_which_filter_to_drop(three: World) -> None:
    page = as_user(three.rep).get("/inbox/?view=answer&q=nobody").content.decode()

    assert "No lead fits these filters" in page
    assert "Drop text" in page
    assert "All answered" not in page


def test_the_poll_and_an_act_keep_the_filters_of_the_page_they_came_from(three: World) -> None:
    here = HTMX | {"HTTP_HX_CURRENT_URL": "http://testserver/inbox/?view=answer&whose=mine&sort=newest"}
    client = as_user(three.rep)
    first = Handoff.objects.get(lead__last_name="Carvalho")

    polled = client.get("/inbox/?part=list", **here)
    acted = client.post(f"/handoffs/{first.public_id}/accept/", **here)

    assert names(polled) == ["Lead Carvalho", "Lead Berg"]
    assert names(acted) == ["Lead Berg"]
    assert "whose=mine&sort=newest" in acted["HX-Replace-Url"]


def place(person: Any, last_name: str, query: str = "") -> Any:
    lead = Handoff.objects.get(lead__last_name=last_name).lead
    return as_user(person).get(f"/leads/{lead.public_id}/{query}").context["place"]


@pytest.mark.parametrize(
    ("query", "number", "before", "after"),
    [
        pytest.param("", "2 of 3", "Berg", "Carvalho", id="by the view that holds it"),
        pytest.param("?view=answer&sort=name", "1 of 3", None, "Berg", id="in the order of the list"),
        pytest.param("?view=answer&whose=pool", "1 of 1", None, None, id="within its filters"),
    ],
)
def test_the_page_of_a_lead_knows_its_neighbours(
    three: World, query: str, number: str, before: str | None, after: str | None
) -> None:
    found = place(three.rep, "Aune", query)

    ids = {row.lead.last_name: str(row.lead.public_id) for row in Handoff.objects.select_related("lead")}
    assert f"{found['number']} of {found['of']}" == number
    assert [bool(found["before_url"]), bool(found["after_url"])] == [bool(before), bool(after)]
    assert not before or ids[before] in found["before_url"]
    assert not after or ids[after] in found["after_url"]


def test_a_lead_that_left_its_list_still_leads_back_there(three: World) -> None:
    lead = Handoff.objects.get(lead__last_name="Aune").lead
    handoffs.accept(lead.handoffs.get(), by=three.rep, at=NOON)

    page = as_user(three.rep).get(f"/leads/{lead.public_id}/?view=answer&sort=name").content.decode()

    assert 'href="/inbox/?view=answer&amp;sort=name"' in page
    assert " of " not in page.split("</nav>")[1].split("</div>")[0]


def test_a_lead_that_waits_for_others_has_no_neighbours_and_leads_back_to_the_queue(three: World) -> None:
    lead = three.offer(to=three.other, last_name="Theirs").lead

    page = as_user(three.rep).get(f"/leads/{lead.public_id}/")

    assert page.context["place"] is None
    assert page.context["nav_key"] == "queue"


def test_tabs_and_the_way_back_keep_the_list(three: World) -> None:
    lead = Handoff.objects.get(lead__last_name="Aune").lead

    page = as_user(three.rep).get(f"/leads/{lead.public_id}/clocks/?view=answer&sort=name")

    assert {tab["url"].partition("?")[2] for tab in page.context["tabs"]} == {"view=answer&sort=name"}
    assert page.context["place"]["list_url"] == f"/inbox/?view=answer&sort=name&lead={lead.public_id}"


def test_the_view_that_holds_a_handoff_lists_it(world: World) -> None:
    handoff, views = world.offer(NOON - HOUR, to=world.rep), []
    steps = (
        lambda: handoffs.return_for_info(handoff, by=world.rep, missing=["phone"], at=NOON),
        lambda: handoffs.resupply(handoff, by=world.marketer, at=NOON),
        lambda: handoffs.accept(handoff, by=world.rep, at=NOON),
        lambda: handoffs.log_attempt(handoff, Contact("call", "talked"), by=world.rep, at=NOON),
    )

    for step in (lambda: None, *steps):
        step()
        now = Handoff.objects.get(pk=handoff.pk)
        view = view_holding(now)
        listed = [item.handoff for item in inbox_for(standing_of(world.rep), view, at=NOON + MINUTE).items]
        views.append((view, listed == [now]))

    assert views == [
        ("answer", True), ("returned", True), ("answer", True), ("first-response", True), ("working", True)
    ]  # fmt: skip
