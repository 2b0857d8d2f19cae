"""People: invited, given roles, sent away and let in again."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import ApiKey, Team, User
from accounts.queries import admins, forget_standing, standing_of
from accounts.services import teams
from common import outbox
from common.database.moments import database_now
from common.database.watching import acting
from common.refusals import Conflict, Invalid, NotAllowed

INVITED = "person.invited"
ROLES = frozenset(User.OrganisationRole.values)


@transaction.atomic
def invite(
    email: str,
    name: str,
    *,
    by: User,
    organisation_role: str = "",
    team: Team | None = None,
    role: str = "",
) -> User:
    """A new person, who gets a link to choose a password. Someone only history knew becomes real.

    Raises NotAllowed, Invalid (bad or known e-mail, no name, a role that does not fit the team).
    """
    _must_configure(by)
    address = _checked_email(email)
    _may_grant(by, organisation_role)
    if not name.strip():
        raise Invalid({"name": "Enter a name."})
    person = User.objects.select_for_update().filter(email=address).first()
    if person is not None and not person.is_placeholder:
        raise Invalid({"email": f"{person} already has this e-mail."})
    person = person or User(email=address)
    person.name = name.strip()
    person.organisation_role = organisation_role
    person.is_active, person.is_placeholder = True, False
    person.set_unusable_password()
    person.save()
    if team is not None:
        teams.add_member(team, person, role=role, by=by)
    outbox.leave(INVITED, person.pk, at=database_now())
    return person


@transaction.atomic
def invite_again(person: User, *, by: User) -> None:
    """Send the link once more, to someone who has not chosen a password yet."""
    _must_configure(by)
    row = _locked(person)
    if not row.is_active or row.has_usable_password():
        raise Conflict(
            f"{row} does not wait for an invitation.", state="active" if row.is_active else "inactive"
        )
    outbox.leave(INVITED, row.pk, at=database_now())


@transaction.atomic
def edit(person: User, *, name: str, organisation_role: str, by: User) -> User:
    """Change what a person is called and may do everywhere.

    Only an admin makes or changes admins, nobody else changes an own role, and one admin always stays.
    """
    _must_configure(by)
    row = _locked(person)
    if not name.strip():
        raise Invalid({"name": "Enter a name."})
    if organisation_role != row.organisation_role:
        _may_grant(by, organisation_role)
        _may_change(by, row)
        _keep_an_admin(row)
    row.name, row.organisation_role = name.strip(), organisation_role
    row.save(update_fields=["name", "organisation_role"])
    forget_standing(person)
    return row


@transaction.atomic
def deactivate(person: User, *, by: User) -> None:
    """Ends every session and key at once. What the person holds stays with them until it is reassigned."""
    _must_configure(by)
    row = _locked(person)
    if not row.is_active:
        raise Conflict(f"{row} is already deactivated.", state="inactive")
    if row.pk == by.pk:
        raise NotAllowed("Nobody can deactivate themselves. Ask another admin.")
    _may_change(by, row)
    _keep_an_admin(row)
    row.is_active = False
    row.set_unusable_password()  # sessions carry a digest of it, so none of them outlives this
    row.save(update_fields=["is_active", "password"])
    ApiKey.objects.filter(person=row, revoked_at=None).update(revoked_at=database_now())


@transaction.atomic
def reactivate(person: User, *, by: User) -> None:
    """Lets someone in again, with an invitation to choose a new password."""
    _must_configure(by)
    row = _locked(person)
    if row.is_active:
        raise Conflict(f"{row} is already active.", state="active")
    _may_change(by, row)
    row.is_active, row.is_placeholder = True, False
    row.save(update_fields=["is_active", "is_placeholder"])
    outbox.leave(INVITED, row.pk, at=database_now())


def _must_configure(by: User) -> None:
    if not standing_of(by).may_configure:
        raise NotAllowed("Only operations or an admin can change people.")
    acting(by.pk)


def _may_grant(by: User, organisation_role: str) -> None:
    if organisation_role not in ROLES:
        raise Invalid({"organisation_role": f"There is no role “{organisation_role}”."})
    if organisation_role == User.OrganisationRole.ADMIN and not standing_of(by).is_admin:
        raise NotAllowed("Only an admin can make someone an admin.")


def _may_change(by: User, person: User) -> None:
    """Whoever is no admin changes neither an admin nor the own role (S6)."""
    if standing_of(by).is_admin:
        return
    if person.organisation_role == User.OrganisationRole.ADMIN:
        raise NotAllowed("Only an admin can change an admin.")
    if person.pk == by.pk:
        raise NotAllowed("Nobody changes their own role. Ask an admin.")


def _keep_an_admin(person: User) -> None:
    """Locks the admins, so that two of them cannot send each other away at once."""
    rest = {admin.pk for admin in admins().order_by("pk").select_for_update()} - {person.pk}
    if person.organisation_role == User.OrganisationRole.ADMIN and person.is_active and not rest:
        raise Conflict(f"{person} is the last admin. Make someone else an admin first.", state="last admin")


def _checked_email(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid({"email": "Enter an e-mail such as lena.vogt@example.com."}) from error
    return address


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)
