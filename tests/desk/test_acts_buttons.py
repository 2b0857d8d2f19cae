"""Which acts a person is shown on a lead, and in which order."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import reverse

from accounts.queries import standing_of
from desk.queries.acts import VERBS, buttons_for
from leads.services import handoffs
from leads.services.attempts import Contact
from tests.desk.acting import in_state
from tests.desk.world import HTMX, World, as_user
from tests.factories import NOON, make_lead

pytestmark = pytest.mark.django_db

SHOWN = {
    "rep": ["accept", "reject", "return", "log"],
    "other": ["log"],
    "manager": ["accept", "reject", "return", "log"],
    "marketer": [],
    "reader": [],
}


@pytest.mark.parametrize("who", SHOWN)
def test_buttons_are_those_of_the_person(world: World, who: str) -> None:
    handoff = world.offer(to=world.rep)

    buttons = buttons_for(standing_of(getattr(world, who)), handoff.lead, handoff)

    assert [verb.slug for verb in buttons.row] == SHOWN[who]


def test_other_acts_of_the_same_offer(world: World) -> None:
    handoff = world.offer(to=world.rep)

    marketer = buttons_for(standing_of(world.marketer), handoff.lead, handoff)
    manager = buttons_for(standing_of(world.manager), handoff.lead, handoff)

    assert [verb.slug for verb in marketer.menu] == ["withdraw"]
    assert [verb.slug for verb in manager.end + manager.menu] == ["redirect", "reassign", "pause"]


@pytest.mark.parametrize("slug", VERBS)
def test_a_phone_shows_each_act_once_below_or_for_the_thumb(world: World, slug: str) -> None:
    _, handoff = in_state(world, slug)
    for person in (world.rep, world.manager, world.marketer):
        shown = buttons_for(standing_of(person), handoff.lead, handoff)
        assert Counter(shown.phone + shown.below) == Counter(shown.row + shown.end)
        assert len(shown.phone) <= 3


@pytest.mark.parametrize("slug", VERBS)
def test_no_button_is_shown_in_vain(world: World, slug: str) -> None:
    """What the buttons say possible the services do: the dialog opens."""
    _, handoff = in_state(world, slug)
    for person in (world.rep, world.other, world.manager, world.marketer, world.reader):
        buttons = buttons_for(standing_of(person), handoff.lead, handoff)
        for verb in buttons.row + buttons.end + buttons.menu:
            subject = handoff if verb.on == "handoff" else handoff.lead
            dialog = reverse(f"desk:{verb.on}-{verb.slug}", args=[subject.public_id])
            assert as_user(person).get(dialog, **HTMX).status_code == 200


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("inquiry", ["mark-mql"]),
        ("marketing_qualified", ["offer", "set-aside"]),
        ("recycled", ["wake"]),
        ("disqualified", ["wake"]),
        ("customer", []),
    ],
)
def test_marketing_acts_on_what_is_not_with_sales(world: World, stage: str, shown: list[str]) -> None:
    lead = make_lead(stage)

    row = buttons_for(standing_of(world.marketer), lead, None).row

    assert [verb.slug for verb in row] == shown
    assert buttons_for(standing_of(world.rep), lead, None).row == ()
    assert as_user(world.marketer).get(f"/leads/{lead.public_id}/").status_code == 200


def test_what_was_tried_comes_first_on_an_accepted_lead(world: World) -> None:
    handoff = world.accepted()
    before = buttons_for(standing_of(world.rep), handoff.lead, handoff).main
    handoffs.log_attempt(handoff, Contact("call", "talked"), by=world.rep, at=NOON)
    handoff.refresh_from_db()

    after = buttons_for(standing_of(world.rep), handoff.lead, handoff).main

    assert (before.slug, after.slug) == ("log", "qualify")
