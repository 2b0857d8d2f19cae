"""The first minutes of an installation: a token printed at start makes the first admin."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import SetupToken, User
from accounts.queries import admins
from accounts.services import organisation
from accounts.services.keys import digest_of
from calendars.engine.calendar import OFFICE_HOURS
from calendars.services import create as create_calendar
from common.refusals import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """Who will administer, as typed."""

    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Company:
    """Whose installation this is, as typed."""

    name: str
    time_zone: str
    currency: str


def is_open() -> bool:
    """Whether somebody may still become the first admin."""
    return not admins().exists()


@transaction.atomic
def setup_token() -> str | None:
    """A new one-time token, which ends the one before; None as soon as there is an admin."""
    if not is_open():
        SetupToken.objects.all().delete()
        return None
    token = secrets.token_urlsafe(24)
    SetupToken.objects.update_or_create(pk=1, defaults={"digest": digest_of(token)})
    return token


@transaction.atomic
def begin(token: str, admin: FirstAdmin, company: Company) -> User:
    """The first admin, the organisation and a calendar to start from. The token ends here.

    Raises Invalid (one reason per field), or Conflict when somebody was first.
    """
    row = SetupToken.objects.select_for_update().first()
    if not is_open():
        raise Conflict("Baton is already set up. Sign in instead.", state="set up")
    if row is None or not secrets.compare_digest(row.digest, digest_of(token.strip())):
        raise Invalid({"token": "This is not the token that was printed at the last start."})
    errors = _errors(admin)
    try:
        organisation.write(name=company.name, time_zone=company.time_zone, currency=company.currency)
    except Invalid as refused:
        errors |= refused.errors
    if errors:
        raise Invalid(errors)
    row.delete()
    person = _make_admin(admin)
    create_calendar("Office hours", {"tz": company.time_zone, "hours": OFFICE_HOURS}, by=person.pk)
    return person


def _make_admin(admin: FirstAdmin) -> User:
    """Somebody whom history or an invitation already named becomes the admin."""
    email = admin.email.strip().lower()
    person = User.objects.filter(email=email).first() or User(email=email)
    person.name = admin.name.strip()
    person.organisation_role = User.OrganisationRole.ADMIN
    person.is_active, person.is_placeholder = True, False
    person.set_password(admin.password)
    person.save()
    return person


def _errors(admin: FirstAdmin) -> dict[str, str]:
    errors = {}
    if not admin.name.strip():
        errors["name"] = "Enter your name."
    try:
        validate_email(admin.email.strip())
    except ValidationError:
        errors["email"] = "Enter an e-mail such as lena.vogt@example.com."
    try:
        validate_password(admin.password, User(email=admin.email, name=admin.name))
    except ValidationError as error:
        errors["password"] = " ".join(error.messages)
    return errors
