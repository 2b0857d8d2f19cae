"""A lead that is open to the team: said on its page and in the inboxes of the team, and claimed by one click."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.queries import standing_of
from desk.queries.acts import buttons_for
from leads.models import Handoff
from leads.services import escalating
from tests.desk.acting import url
from tests.desk.world import World, as_user
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(world: World) -> Handoff:
    return escalating.open_to_team(
        world.offer(NOON - 3 * HOUR, to=world.rep), why={"reason": "late_answer", "rung": 2}, at=NOON
    )


def row_of(person, handoff: Handoff) -> list[str]:
    return [verb.slug for verb in buttons_for(standing_of(person), handoff.lead, handoff).row]


def test_claiming_is_the_main_act_of_the_team_but_not_of_its_holder(world: World, opened: Handoff) -> None:
    assert row_of(world.other, opened) == ["claim", "log"]
    assert row_of(world.rep, opened) == ["accept", "reject", "return", "log"]
    assert row_of(world.marketer, opened) == []


def test_it_stands_in_the_inboxes_of_the_team_with_a_sentence(world: World, opened: Handoff) -> None:
    page = as_user(world.other).get("/inbox/")
    text = page.content.decode()

    assert [item.handoff for item in page.context["inbox"].items] == [opened]
    assert "Open to the team ·" in text
    assert f"anyone of {opened.team} may claim it from {world.rep.name}" in text


def test_its_page_says_so_until_somebody_takes_it(world: World, opened: Handoff) -> None:
    client = as_user(world.other)
    lead = reverse("desk:lead", args=[opened.lead.public_id])
    before = client.get(lead).content.decode()

    client.post(url(opened, "claim"))

    after = client.get(lead).content.decode()
    opened.refresh_from_db()
    assert ("<strong>Open to the team" in before, "<strong>Open to the team" in after) == (True, False)
    assert opened.holder == world.other
    assert f"<b>Taken over</b> from {world.rep.name}" in after
    assert "Open to the team, anyone may claim it from its holder: late answer" in after
