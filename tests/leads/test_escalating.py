"""A lead that lies too long: open to the team, given to the next person, or back in the pool."""

from __future__ import annotations

import pytest

from accounts.models import Absence
from common.models import Outbox
from common.refusals import Conflict, NotAllowed
from leads.models import Handoff, LeadEvent
from leads.services import escalating, handoffs
from tests.factories import HOUR, MINUTE, NOON, make_member, make_offer, make_team

pytestmark = pytest.mark.django_db
WHY = {"reason": "late_answer", "rung": 2}
LATER = NOON + HOUR


@pytest.fixture
def team():
    return make_team(routing="round_robin")


@pytest.fixture
def held(team) -> Handoff:
    return make_offer(team, make_member(team, name="Marcus Bell"))


def opened(handoff: Handoff) -> Handoff:
    return escalating.open_to_team(handoff, why=WHY, at=LATER)


def test_before_it_is_open_nobody_claims_a_lead_from_its_holder(held, team):
    with pytest.raises(Conflict, match="already holds"):
        handoffs.claim(held, by=make_member(team), at=LATER)


def test_open_to_the_team_it_is_claimed_from_its_holder_who_is_told(held, team):
    colleague = make_member(team)
    opened(held)

    claimed = handoffs.claim(held, by=colleague, at=LATER + MINUTE)

    assert (claimed.holder, claimed.takeover_at, claimed.status) == (colleague, None, "offered")
    kept = LeadEvent.objects.filter(kind__in=("takeover", "claimed")).order_by("pk").values("actor", "data")
    data = {"person": colleague.pk, "from_team": team.pk, "from_person": held.holder_id}
    assert list(kept) == [{"actor": None, "data": WHY}, {"actor": colleague.pk, "data": data}]
    assert Outbox.objects.get(topic="handoff.taken_over").payload == {
        "from": held.holder_id,
        "by": colleague.pk,
    }
    spans = claimed.assignments.order_by("from_at").values_list("person", "ended")
    assert list(spans) == [(held.holder_id, "claimed"), (colleague.pk, "")]


def test_others_than_the_team_cannot_take_it_over(held):
    opened(held)

    with pytest.raises(NotAllowed):
        handoffs.claim(held, by=make_member(make_team()), at=LATER + MINUTE)
    assert not Outbox.objects.filter(topic="handoff.taken_over").exists()


def test_its_holder_who_acts_holds_it_alone_again(held, team):
    """R7: the answer in between wins."""
    opened(held)
    handoffs.accept(held, by=held.holder, at=LATER + MINUTE)

    with pytest.raises(Conflict):
        handoffs.claim(held, by=make_member(team), at=LATER + 2 * MINUTE)


def test_only_the_first_of_two_takes_it_over(held, team):
    opened(held)
    handoffs.claim(held, by=make_member(team), at=LATER + MINUTE)

    with pytest.raises(Conflict, match="already holds"):
        handoffs.claim(held, by=make_member(team), at=LATER + 2 * MINUTE)


def test_it_goes_to_the_next_of_the_team_who_is_there(held, team):
    away, free = make_member(team), make_member(team)
    Absence.objects.create(person=away, from_at=NOON, until_at=NOON + 9 * HOUR)

    moved = escalating.give_to_next(held, why=WHY, at=LATER)

    event = LeadEvent.objects.get(kind="reassigned")
    assert (moved.holder, event.actor, event.data["reason"]) == (free, None, "late_answer")


def test_without_anybody_else_nothing_is_written(held, team):
    with pytest.raises(Conflict, match="Nobody else"):
        escalating.give_to_next(held, why=WHY, at=LATER)

    assert not LeadEvent.objects.filter(kind="reassigned").exists()


def test_the_pool_gets_it_back_once(held):
    moved = escalating.return_to_pool(held, why=WHY, at=LATER)

    with pytest.raises(Conflict, match="pool already"):
        escalating.return_to_pool(held, why=WHY, at=LATER + MINUTE)
    with pytest.raises(Conflict, match="pool"):
        opened(held)
    assert moved.holder is None


@pytest.mark.parametrize(
    "move", [escalating.give_to_next, escalating.return_to_pool, escalating.open_to_team]
)
def test_what_waits_for_marketing_or_is_over_stays_where_it_is(move, held, team):
    make_member(team)
    Handoff.objects.filter(pk=held.pk).update(status="returned")
    with pytest.raises(Conflict):
        move(held, why=WHY, at=LATER)

    Handoff.objects.filter(pk=held.pk).update(status="rejected", closed_at=NOON)
    with pytest.raises(Conflict):
        move(held, why=WHY, at=LATER)
