"""Teams and members: what fits, who may, and fair starts in a rotation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership, Team
from accounts.services import teams
from accounts.services.teams import Share, TeamFields
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed
from tests.accounts.people import make_member, make_person, make_team

pytestmark = pytest.mark.django_db


def make_fields(**changes: Any) -> TeamFields:
    return replace(TeamFields("Nordics", "sales", make_team().calendar), **changes)


def errors_of(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return sorted(refused.value.errors)


def test_a_team_is_made_as_it_was_said() -> None:
    closers = make_team("Closers")
    fields = make_fields(
        routing="round_robin", countries=["no", " se "], min_employees=50, full_cycle=False, passes_to=closers
    )

    team = teams.create(fields, by=make_person(role="operations"))

    assert (team.slug, team.countries, team.passes_to, team.side) == (
        "nordics",
        ["NO", "SE"],
        closers,
        "sales",
    )


def test_two_names_that_read_alike_get_two_slugs() -> None:
    admin = make_person(role="admin")

    made = [teams.create(make_fields(name=name), by=admin).slug for name in ("DACH", "DACH!", "北")]

    assert made == ["dach", "dach-2", "team"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "known"}, "name"),
        ({"function": "cooking"}, "function"),
        ({"routing": "dice"}, "routing"),
        ({"countries": ["Norway"]}, "countries"),
        ({"countries": ["N1"]}, "countries"),
    ],
)
def test_a_team_that_makes_no_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    make_team("Known")

    with pytest.raises(Invalid) as refused:
        teams.create(make_fields(**changes), by=make_person(role="admin"))

    assert errors_of(refused) == [field]


@pytest.mark.parametrize("which", ["itself", "marketing"])
def test_a_team_passes_to_another_team_of_sales(which: str) -> None:
    team = make_team()
    closers = team if which == "itself" else make_team(function="demand")

    with pytest.raises(Invalid) as refused:
        teams.edit(team, make_fields(full_cycle=False, passes_to=closers), by=make_person(role="admin"))

    assert errors_of(refused) == ["passes_to"]


def test_a_team_cannot_change_sides_with_its_members() -> None:
    team = make_team()
    make_member(team)

    with pytest.raises(Invalid) as refused:
        teams.edit(team, make_fields(function="demand"), by=make_person(role="admin"))

    assert errors_of(refused) == ["function"]


@pytest.mark.parametrize("function", ["sales", "demand"])
@pytest.mark.parametrize("role", Membership.Role.values)
def test_a_role_fits_the_side_of_its_team(function: str, role: str) -> None:
    team, admin = make_team(function=function), make_person(role="admin")
    fits = (function == "demand") == role.startswith("marketing")

    if fits:
        teams.add_member(team, make_person(), role=role, by=admin)
    else:
        with pytest.raises(Invalid):
            teams.add_member(team, make_person(), role=role, by=admin)

    assert team.memberships.count() == (1 if fits else 0)


@pytest.mark.parametrize("who", ["already there", "deactivated"])
def test_not_everybody_can_be_added(who: str) -> None:
    team = make_team()
    person = make_member(team) if who == "already there" else make_person(is_active=False)

    with pytest.raises(Invalid) as refused:
        teams.add_member(team, person, role="rep", by=make_person(role="admin"))

    assert errors_of(refused) == ["person"]


def test_a_newcomer_starts_level_with_the_least_served() -> None:
    team = make_team(routing="round_robin")
    make_member(team, turns=40, weight=2)
    make_member(team, turns=25)

    seat = teams.add_member(
        team, make_person(), role="rep", by=make_person(role="admin"), share=Share(weight=2)
    )

    assert seat.turns == 40


def test_another_weight_keeps_the_place_in_the_rotation() -> None:
    team = make_team()
    seat = make_member(team, turns=10).memberships.get()

    changed = teams.edit_member(seat, role="rep", share=Share(weight=3), by=make_person(role="admin"))

    assert (changed.weight, changed.turns) == (3, 30)


def test_the_manager_of_the_team_decides_the_share_but_no_role() -> None:
    team = make_team()
    manager, seat = make_member(team, "sales_manager"), make_member(team).memberships.get()
    share = Share(open_offer_cap=4, paused_until=database_now() + timedelta(days=1))

    changed = teams.edit_member(seat, role="rep", share=share, by=manager)

    assert (changed.open_offer_cap, changed.paused_until) == (4, share.paused_until)
    with pytest.raises(NotAllowed):
        teams.edit_member(seat, role="sales_manager", share=share, by=manager)


def test_the_manager_of_another_team_decides_nothing() -> None:
    seat = make_member(make_team()).memberships.get()

    with pytest.raises(NotAllowed):
        teams.edit_member(seat, role="rep", share=Share(), by=make_member(make_team(), "sales_manager"))


@pytest.mark.parametrize(
    ("share", "field"), [(Share(weight=0), "weight"), (Share(open_offer_cap=0), "open_offer_cap")]
)
def test_a_share_of_nothing_is_refused(share: Share, field: str) -> None:
    seat = make_member(make_team()).memberships.get()

    with pytest.raises(Invalid) as refused:
        teams.edit_member(seat, role="rep", share=share, by=make_person(role="admin"))

    assert errors_of(refused) == [field]


def test_operations_cannot_give_themselves_a_role() -> None:
    operations, team = make_person(role="operations"), make_team()

    with pytest.raises(NotAllowed):
        teams.add_member(team, operations, role="sales_manager", by=operations)


@pytest.mark.parametrize("role", ["", "read_only"])
def test_only_operations_and_admins_change_teams(role: str) -> None:
    by, team = make_person(role=role), make_team()
    seat = make_member(team).memberships.get()
    acts: list[Any] = [
        lambda: teams.create(make_fields(), by=by),
        lambda: teams.edit(team, make_fields(), by=by),
        lambda: teams.add_member(team, make_person(), role="rep", by=by),
        lambda: teams.remove_member(seat, by=by),
        lambda: teams.edit_member(seat, role="rep", share=Share(), by=by),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert (Team.objects.filter(name="Nordics").exists(), team.memberships.count()) == (False, 1)


def test_leaving_a_team_ends_what_it_allowed() -> None:
    team = make_team()
    person = make_member(team, "sales_manager")

    teams.remove_member(person.memberships.get(), by=make_person(role="admin"))

    assert person.memberships.exists() is False
