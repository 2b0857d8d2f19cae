"""Where a person is signed in: recorded at each sign-in, listed without writing, ended one by one or all at once.

A record names a session by its key; the session itself says when it began, when it was last used, and whether it still
counts. What the library records after a change of password, which gives the session a new key, is such a record too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.engine.browsers import browser_of
from accounts.models import User
from accounts.queries import standing_of
from accounts.services import sessions
from common.refusals import Conflict, NotAllowed

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - the column takes addresses only; a server behind a socket knows none
LONGEST_NAME = UserSession._meta.get_field("user_agent").max_length


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which a person is signed in. `address` is empty where it is not known or not shown."""

    number: int
    browser: str
    address: str
    begun_at: datetime
    used_at: datetime  # give or take sessions.RENEWED_EVERY
    is_this: bool


def record(person: User, key: str, *, address: str | None, user_agent: str) -> None:
    """The session `key` is the person's. It is saved already: a record whose session nobody finds counts as over."""
    told = {"user": person, "ip": address or NO_ADDRESS, "user_agent": user_agent[:LONGEST_NAME]}
    UserSession.objects.update_or_create(session_key=key, defaults=told)


def sign_ins_of(person: User, *, at: datetime, key: str = "") -> list[SignIn]:
    """Those that count at that moment: this one (`key`) first, then by last use. Two queries for any number."""
    found = [_sign_in(row, said, key) for row, said in _counting(person, at)]
    return sorted(found, key=lambda one: (one.is_this, one.used_at, one.number), reverse=True)


def end(person: User, number: int, *, key: str) -> None:
    """End one of the person's own. One that is over already, or was never theirs, is nothing to refuse.

    Raises Conflict for the one that asks (`key`), and once that one was ended itself.
    """
    if UserSession.objects.filter(user=person, pk=number, session_key=key).exists():
        raise Conflict("You are signed in with this one. Sign out to end it.", state="current")
    _end(person, UserSession.objects.filter(pk=number), key=key)


def end_others(person: User, *, key: str) -> None:
    """End all of the person's but the one that asks (`key`). Raises Conflict once that one was ended itself."""
    _end(person, UserSession.objects.exclude(session_key=key), key=key)


def end_all(person: User, *, by: User) -> None:
    """Sign somebody else out everywhere. Keys of programs go on working. Raises NotAllowed."""
    must_be_able_to_end(by, person)
    _end(person, UserSession.objects.all())


def may_end_all(by: User, person: User) -> bool:
    """Whoever may deactivate that person: an admin everyone else, operations nobody who is an admin (S6)."""
    standing = standing_of(by)
    is_theirs = person.organisation_role != User.OrganisationRole.ADMIN
    return by.pk != person.pk and (standing.is_admin or (standing.is_operations and is_theirs))


def must_be_able_to_end(by: User, person: User) -> None:
    if by.pk == person.pk:
        raise NotAllowed("Your own sessions end under “Where you are signed in”, in your settings.")
    if not may_end_all(by, person):
        raise NotAllowed("Only an admin, or operations for whoever is no admin, can sign somebody out.")


def clear(*, at: datetime) -> None:
    """Remove sessions that have run out, and the records of sessions that are gone."""
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@transaction.atomic
def _end(person: User, among: QuerySet[UserSession], *, key: str = "") -> None:
    """Locks the person first: of two browsers that end each other at once the first stays."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if key and not Session.objects.filter(pk=key).exists():
        raise Conflict("This session was ended meanwhile. Sign in again.", state="ended")
    found = dict(among.filter(user=person).values_list("pk", "session_key"))
    Session.objects.filter(session_key__in=found.values()).delete()
    UserSession.objects.filter(pk__in=found).delete()


def _counting(person: User, at: datetime) -> list[tuple[UserSession, dict[str, Any]]]:
    rows = {row.session_key: row for row in UserSession.objects.filter(user=person)}
    kept = Session.objects.filter(session_key__in=rows, expire_date__gt=at)
    told = [(rows[one.session_key], one.get_decoded()) for one in kept]
    return [(row, said) for row, said in told if _counts(said, person, at)]


def _counts(said: dict[str, Any], person: User, at: datetime) -> bool:
    """As Django decides at the next request: still this person, the same password; and not older than any may get."""
    digests = {person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()}
    is_theirs = said.get(SESSION_KEY) == str(person.pk) and said.get(HASH_SESSION_KEY) in digests
    return person.is_active and is_theirs and not sessions.is_over(said, at)


def _sign_in(row: UserSession, said: dict[str, Any], key: str) -> SignIn:
    is_this = row.session_key == key
    return SignIn(
        number=row.pk,
        browser=browser_of(row.user_agent),
        address=_address(row, is_this=is_this),
        begun_at=sessions.moment(said, "begun_at") or row.created_at,
        used_at=sessions.moment(said, "renewed_at") or row.created_at,
        is_this=is_this,
    )


def _address(row: UserSession, *, is_this: bool) -> str:
    """People of the demo are shared by strangers, who do not read each other's address."""
    is_shown = row.ip != NO_ADDRESS and (is_this or not settings.DEMO)
    return str(row.ip) if is_shown else ""
