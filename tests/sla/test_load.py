"""Offers above the load that a contract agrees on: `binds_up_to` new offers per rep and day (domain section 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla.services import clocks
from tests.factories import HOUR, MINUTE, NOON, make_calendar, make_handoff, make_member, make_team
from tests.sla.makers import clock_of, draft, happens, promise, sign

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def agree(binds_up_to, *kinds):
    version = draft()
    for kind in kinds or ("answer",):
        promise(version, kind, 40 * HOUR, binds_up_to=binds_up_to)
    sign(version)


def goes_to(handoff, team, person, at):
    before = {"from_team": handoff.team_id, "from_person": handoff.holder_id}
    handoff.team, handoff.holder = team, person
    handoff.save(update_fields=["team", "holder"])
    happens("redirected", handoff, at, team=team.pk, person=person and person.pk, **before)


def counted(handoffs, kind="answer"):
    return [clock_of(handoff, kind).counted for handoff in handoffs]


def test_all_clocks_of_a_cycle_share_what_its_offer_decided():
    """The third of its day stays above the load, accepted on a quiet day; the first stays below it."""
    agree(2, "answer", "disposition", "follow_up")
    rep = make_member(make_team())
    offers = [make_handoff(holder=rep) for _ in range(3)]
    for handoff in offers:
        happens("offered", handoff, NOON)

    for handoff, at in zip(reversed(offers), (NOON + DAY, NOON + HOUR, NOON + 2 * HOUR), strict=True):
        happens("accepted", handoff, at, person=rep.pk)

    kinds = ("answer", "disposition", "follow_up")
    assert [counted(offers, kind) for kind in kinds] == [[True, True, False]] * 3
    assert clocks.replay().differs == 0


def test_what_is_redirected_to_a_rep_is_a_new_offer_to_him():
    agree(1)
    here, there = make_team(), make_team()
    rep = make_member(there)
    first = make_handoff(team=there, holder=rep)
    others = [make_handoff(team=here, holder=make_member(here)) for _ in range(2)]
    for handoff in (first, *others):
        happens("offered", handoff, NOON)

    for handoff in others:
        goes_to(handoff, there, rep, NOON + MINUTE)

    assert counted((first, *others)) == [True, False, False]
    assert clock_of(others[1], "answer").log.get(kind="chosen").data["place_of_day"] == 3
    assert clocks.replay().differs == 0


def test_a_redirected_lead_loads_the_rep_who_had_it_no_further():
    """Its later clocks are those of who got it last."""
    agree(1, "answer", "disposition")
    here, there = make_team(), make_team()
    busy, free = make_member(here), make_member(there)
    offers = [make_handoff(team=here, holder=busy) for _ in range(2)]
    for handoff in offers:
        happens("offered", handoff, NOON)

    goes_to(offers[1], there, free, NOON + MINUTE)
    happens("accepted", offers[1], NOON + HOUR, person=free.pk)

    assert (counted(offers), counted(offers[1:], "disposition")) == ([True, True], [True])


def test_what_a_rep_takes_from_the_pool_counts():
    agree(1, "answer", "disposition")
    team = make_team()
    rep = make_member(team)
    for handoff in (mine := [make_handoff(team=team) for _ in range(2)]):
        happens("offered", handoff, NOON)
        happens("accepted", handoff, NOON + HOUR, person=rep.pk)

    assert (counted(mine), counted(mine, "disposition")) == ([True, True], [True, True])


def test_the_day_is_that_of_the_team():
    """Eleven at night and one in the morning UTC are one evening in New York, two days in UTC."""
    agree(1)
    team = make_team(calendar=make_calendar(tz="America/New_York"))
    rep = make_member(team)
    evening = [make_handoff(team=team, holder=rep) for _ in range(2)]

    happens("offered", evening[0], datetime(2026, 6, 3, 23, tzinfo=UTC))
    happens("offered", evening[1], datetime(2026, 6, 4, 1, tzinfo=UTC))

    assert counted(evening) == [True, False]
