"""Looking up people, teams, keys and the organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.engine.standing import Seat, Standing
from accounts.models import Membership, Organisation, Team, User
from common.refusals import Invalid

KNOWN = "_standing"


def standing_of(user: User | AnonymousUser) -> Standing:
    """What this person may do: one query, then remembered on the object for as long as it lives."""
    if not isinstance(user, User):
        return Standing(None)
    known: Standing | None = vars(user).get(KNOWN)
    if known is None:
        known = vars(user)[KNOWN] = _read_standing(user)
    return known


def forget_standing(user: User) -> None:
    """After a change of role or membership, for an object that goes on being used."""
    vars(user).pop(KNOWN, None)


def _read_standing(user: User) -> Standing:
    found = Membership.objects.filter(user=user).select_related("team").order_by("pk")
    seats = tuple(Seat(seat.team_id, seat.role, seat.team.side) for seat in found)
    return Standing(user.pk, user.organisation_role, seats)


def team_by(name_or_id: str | UUID, *, field: str = "team") -> Team:
    """The team of this name or public id, active or not. Raises Invalid for `field`."""
    public_id = as_uuid(name_or_id)
    match = Q(public_id=public_id) if public_id else Q(name=str(name_or_id).strip())
    team = Team.objects.filter(match).first()
    if team is None:
        raise Invalid({field: f"There is no team “{name_or_id}”."})
    return team


def person_by(email_or_id: str | UUID, *, field: str = "owner") -> User:
    """The person of this e-mail or public id, active or not. Raises Invalid for `field`."""
    public_id = as_uuid(email_or_id)
    match = Q(public_id=public_id) if public_id else Q(email=str(email_or_id).strip().lower())
    person = User.objects.filter(match).first()
    if person is None:
        raise Invalid({field: f"There is no person “{email_or_id}”."})
    return person


def as_uuid(value: str | UUID) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value)
    except ValueError:
        return None


def organisation() -> Organisation:
    """The one organisation; before the first run an unsaved one with the defaults."""
    return Organisation.objects.first() or Organisation()


def admins() -> QuerySet[User]:
    """People who can sign in and do everything. Placeholders are never active."""
    return User.objects.filter(organisation_role=User.OrganisationRole.ADMIN, is_active=True)
