"""API keys: made, recognised, taken back. The key itself is shown once and never stored (S27)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import DateTimeField, F, Func

from accounts.models import ApiKey, User
from accounts.queries import standing_of
from common.database.moments import database_now
from common.database.watching import acting
from common.refusals import Invalid, NotAllowed

ALL = "all"
SCOPES = (
    "leads:read",
    "leads:write",
    "touches:write",
    "handoffs:read",
    "handoffs:write",
    "clocks:read",
    "breaches:read",
    "metrics:read",
    "definitions:read",
    "definitions:write",
    ALL,
)
READING = tuple(scope for scope in SCOPES if scope.endswith(":read"))
MARK = "bt_"
PREFIX_LENGTH = len(MARK) + 8
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(
    person: User,
    *,
    scopes: Sequence[str],
    name: str = "",
    expires_at: datetime | None = None,
    by: User | None = None,
) -> tuple[ApiKey, str]:
    """A new key for this person, and the only copy of it there will ever be. `by` makes it; None: a program.

    Raises Invalid: unknown or no scopes, a scope beyond the person's own role (S6), a person who cannot sign in, an
    expiry that has passed.
    """
    if not person.is_active:
        raise Invalid({"person": f"{person} cannot sign in, so no key can be made."})
    chosen = _checked(scopes)
    if beyond := sorted(set(chosen) - set(scopes_for(person))):
        raise Invalid({"scopes": f"{person} is read-only, so no key of theirs can have {', '.join(beyond)}."})
    if expires_at is not None and expires_at <= database_now():
        raise Invalid({"expires_at": "Choose a moment in the future."})
    acting(by.pk if by else None)
    prefix = MARK + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        person=person,
        name=name.strip(),
        prefix=prefix,
        digest=digest_of(secret),
        scopes=chosen,
        expires_at=expires_at,
    )
    return row, secret


def scopes_for(person: User) -> tuple[str, ...]:
    """What a key of this person may have. A read-only person's never writes, whatever role follows."""
    return READING if standing_of(person).is_read_only else SCOPES


@transaction.atomic
def revoke(key: ApiKey, *, by: User) -> None:
    """Ends a key at once. Its person may, and whoever configures the organisation."""
    if key.person_id != by.pk and not standing_of(by).may_configure:
        raise NotAllowed("Only the person of this key, operations or an admin can revoke it.")
    acting(by.pk)
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=database_now())


def recognise(secret: str) -> ApiKey | None:
    """The valid key with this secret, or None: unknown, revoked, expired, or of a person who left."""
    now = Func(function="app_now", output_field=DateTimeField())
    found = (
        ApiKey.objects.filter(prefix=secret[:PREFIX_LENGTH])
        .select_related("person")
        .annotate(now=now, unseen_for=now - F("last_used_at"))
        .first()
    )
    # Compared even when there is no such prefix, so that the time taken tells nothing.
    same = secrets.compare_digest(found.digest if found else digest_of(""), digest_of(secret))
    if found is None or not same or found.revoked_at or not found.person.is_active:
        return None
    if found.expires_at and found.expires_at <= found.now:
        return None
    if found.unseen_for is None or found.unseen_for > USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(last_used_at=found.now)
    return found


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _checked(scopes: Sequence[str]) -> list[str]:
    chosen = [scope.strip() for scope in scopes if scope.strip()]
    if not chosen:
        raise Invalid({"scopes": "Choose at least one scope."})
    if unknown := sorted(set(chosen) - set(SCOPES)):
        raise Invalid({"scopes": f"Unknown: {', '.join(unknown)}. Known: {', '.join(SCOPES)}."})
    return [ALL] if ALL in chosen else [scope for scope in SCOPES if scope in chosen]
