"""The only door to rows of this app: 404 for what one may not see, 403 in words for what one may not do."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.http import Http404

from accounts.models import ApiKey, Membership, Team, User
from accounts.queries import standing_of
from common.refusals import NotAllowed

Row = TypeVar("Row")


def person_for(user: User, public_id: UUID) -> User:
    """Everyone sees everyone."""
    return _one(User.objects.filter(public_id=public_id).first())


def team_for(user: User, public_id: UUID) -> Team:
    """Everyone sees every team."""
    found = Team.objects.filter(public_id=public_id).select_related("calendar", "passes_to").first()
    return _one(found)


def seat_for(user: User, team_id: UUID, person_id: UUID) -> Membership:
    seats = Membership.objects.filter(team__public_id=team_id, user__public_id=person_id)
    return _one(seats.select_related("team", "user").first())


def key_for(user: User, public_id: UUID) -> ApiKey:
    """One's own keys; whoever configures the organisation sees all."""
    keys = ApiKey.objects.filter(public_id=public_id).select_related("person")
    return _one((keys if standing_of(user).may_configure else keys.filter(person=user)).first())


def must_configure(user: User) -> None:
    if not standing_of(user).may_configure:
        raise NotAllowed("Only operations or an admin can change this.")


def must_lead(user: User, team: Team) -> None:
    standing = standing_of(user)
    if not (standing.may_configure or standing.leads_team(team.pk)):
        raise NotAllowed("Only the team's manager, operations or an admin can change this.")


def _one(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
