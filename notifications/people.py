"""The people behind a role: only those who are active."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Membership, User
from leads.models import Handoff

MANAGER = {"sales": "sales_manager", "marketing": "marketing_manager"}


def managers(role: str, team_id: int | None = None) -> list[User]:
    """Who plays this role; of one team where it is given."""
    found = Membership.objects.filter(role=role, user__is_active=True).select_related("user")
    return [seat.user for seat in (found.filter(team=team_id) if team_id else found)]


def team(team_id: int | None) -> list[User]:
    """The reps of a team."""
    found = User.objects.filter(memberships__team=team_id, memberships__role="rep", is_active=True)
    return list(found.distinct())


def admins() -> list[User]:
    return list(User.objects.filter(organisation_role=User.OrganisationRole.ADMIN, is_active=True))


def holders(handoff: Handoff) -> list[User]:
    """Who holds it; in the pool everyone of the team who may answer."""
    if handoff.holder is not None:
        return [handoff.holder]
    return team(handoff.team_id)


def active(people: Iterable[User]) -> tuple[User, ...]:
    """Each once, without those who left."""
    return tuple(dict.fromkeys(person for person in people if person.is_active))


def others(people: Iterable[User | None], by: User | None) -> tuple[User, ...]:
    """The same without whoever did it."""
    return active(person for person in people if person is not None and person != by)


def signers() -> list[User]:
    """The managers of both sides, who sign agreements."""
    return managers("marketing_manager") + managers("sales_manager")
