"""Routing: turns, caps, absence, cover, and the team whose rules fit."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Absence, Membership, Team
from common.refusals import Invalid
from leads.models import Handoff
from leads.services import handoffs, routing
from tests.factories import HOUR, NOON, make_company, make_marketer, make_member, make_mql, make_team

pytestmark = pytest.mark.django_db


def round_robin(*people: dict[str, int]) -> Team:
    team = make_team(routing="round_robin")
    for fields in people:
        make_member(team, **fields)
    return team


def place(team: Team | None = None, **lead: object) -> routing.Placement:
    mql = make_mql(**lead)
    return routing.choose(mql, mql.qualifications.get(), at=NOON, team=team)


def test_ninety_leads_are_shared_evenly_by_three() -> None:
    """D06, D08, R34."""
    team = round_robin({}, {}, {})
    marketer = make_marketer()

    for _ in range(90):
        handoffs.offer(make_mql(), by=marketer, team=team, at=NOON)

    assert sorted(Counter(Handoff.objects.values_list("holder", flat=True)).values()) == [30, 30, 30]


def test_a_double_weight_gets_twice_the_turns() -> None:
    team = round_robin({"weight": 2}, {})

    people = Counter(place(team).person for _ in range(30))

    assert sorted(people.values()) == [10, 20]


@pytest.mark.parametrize("why", ["inactive", "absent", "paused", "capped"])
def test_who_cannot_take_a_lead_is_passed_over(why: str) -> None:
    """D04."""
    team = round_robin({}, {})
    first, second = Membership.objects.filter(team=team).order_by("pk")
    if why == "inactive":
        first.user.is_active = False
        first.user.save(update_fields=["is_active"])
    elif why == "absent":
        Absence.objects.create(person=first.user, from_at=NOON - HOUR, until_at=NOON + HOUR)
    elif why == "paused":
        Membership.objects.filter(pk=first.pk).update(paused_until=NOON + HOUR)
    else:
        Membership.objects.filter(pk=first.pk).update(open_offer_cap=0)

    assert {place(team).person for _ in range(4)} == {second.user}


def test_the_cap_counts_unanswered_offers() -> None:
    team = round_robin({"open_offer_cap": 1})
    rep, marketer = Membership.objects.get(team=team).user, make_marketer()

    first = handoffs.offer(make_mql(), by=marketer, team=team, at=NOON)
    second = handoffs.offer(make_mql(), by=marketer, team=team, at=NOON)
    handoffs.accept(first, by=rep, at=NOON)
    third = handoffs.offer(make_mql(), by=marketer, team=team, at=NOON)

    assert [offer.holder for offer in (first, second, third)] == [rep, None, rep]


def test_with_nobody_free_the_lead_waits_in_the_pool() -> None:
    placement = place(round_robin())

    assert placement.person is None
    assert placement.why.startswith("Nobody of")


def test_cover_gets_the_lead_of_an_absent_person() -> None:
    team = make_team()
    away, cover = make_member(team), make_member(team)
    Absence.objects.create(person=away, from_at=NOON - HOUR, until_at=NOON + timedelta(days=2), cover=cover)
    mql = make_mql()

    placement = routing.choose(mql, mql.qualifications.get(), at=NOON, person=away)

    assert (placement.person, placement.cover_for) == (cover, away)


def test_rules_are_tried_in_order_and_the_first_that_fits_gets_it() -> None:
    enterprise = make_team(position=1, min_employees=5_000)
    americas = make_team(position=2, countries=["US", "CA"])
    rest = make_team(position=3)

    found = [
        place(company=make_company(employees=9_000), country="US").team,
        place(company=make_company(employees=90), country="us").team,
        place(company=make_company(employees=90), country="DE").team,
        place().team,
    ]

    assert found == [enterprise, americas, rest, rest]


def test_without_a_fitting_team_the_sender_must_name_one() -> None:
    make_team(countries=["US"])

    with pytest.raises(Invalid, match="Name a team"):
        place(country="DE")


def test_somebody_who_left_since_being_chosen_is_refused() -> None:
    team = make_team()
    rep, lead = make_member(team), make_mql()
    type(rep).objects.filter(pk=rep.pk).update(is_active=False)

    with pytest.raises(Invalid, match="does not sell"):
        handoffs.offer(lead, by=make_marketer(), person=rep, at=NOON)


def test_a_person_who_does_not_sell_there_is_refused() -> None:
    mql = make_mql()

    with pytest.raises(Invalid, match="does not sell"):
        routing.choose(mql, mql.qualifications.get(), at=NOON, team=make_team(), person=make_marketer())
