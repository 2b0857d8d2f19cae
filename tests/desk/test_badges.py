"""The numbers beside the pages of the sidebar."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import standing_of
from desk.queries.badges import badges
from sla.services import clocks
from tests.factories import (
    HOUR,
    NOON,
    make_handoff,
    make_marketer,
    make_member,
    make_mql,
    make_offer,
    make_person,
    make_team,
)
from tests.sla.makers import make_contract

pytestmark = pytest.mark.django_db


def of(person: User) -> dict[str, int]:
    return badges(standing_of(User.objects.get(pk=person.pk)))


def test_a_late_clock_counts_for_who_holds_the_lead_and_who_manages_the_team() -> None:
    make_contract(answer=HOUR)
    team = make_team()
    holder, colleague, manager = make_member(team), make_member(team), make_member(team, "sales_manager")
    make_offer(team, holder)
    clocks.breach_overdue(NOON + 2 * HOUR)

    people = (holder, colleague, manager, make_member(make_team(), "sales_manager"), make_marketer())
    assert [of(person)["breaches"] for person in people] == [1, 0, 1, 0, 0]


def test_an_act_waits_for_who_holds_the_lead_and_in_the_pool_for_all_of_the_team() -> None:
    team = make_team()
    holder, colleague = make_member(team), make_member(team)
    make_offer(team, holder)
    make_handoff("accepted", team=team, holder=holder)
    make_offer(team, None)
    make_handoff("recycled", team=team, holder=holder)

    assert [of(person)["today"] for person in (holder, colleague, make_person())] == [3, 1, 0]


def test_only_marketing_sees_what_waits_in_the_queue() -> None:
    team = make_team()
    make_handoff("returned", team=team, holder=make_member(team))
    make_mql()

    assert of(make_marketer())["queue"] == 2
    assert "queue" not in of(make_member(team))


def test_who_changes_teams_is_told_what_waits_there() -> None:
    team, person = make_team(), make_person()
    make_offer(team, None)
    before = of(person)["inbox"]

    make_member(team, person=person)

    assert (before, of(person)["inbox"]) == (0, 1)


@pytest.mark.parametrize("role", ["admin", "operations", "read_only"])
def test_one_statement_counts_them_all(role: str) -> None:
    standing = standing_of(make_person(role=role))

    with CaptureQueriesContext(connection) as asked:
        badges(standing)

    assert len(asked) == 1
