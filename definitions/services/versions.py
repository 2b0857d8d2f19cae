"""Agreeing on a version: proposed, signed by both sides, in force, superseded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.database.watching import acting
from common.refusals import Conflict, NotAllowed
from definitions.models import DefinitionSignature, DefinitionVersion
from definitions.queries import fingerprint
from definitions.services.signing import side_to_sign

SIDES = ("marketing", "sales")
Status = DefinitionVersion.Status
PROPOSED, SIGNED = "definition.proposed", "definition.signed"  # topics of the outbox


def may_propose(by: User) -> bool:
    standing = standing_of(by)
    return standing.may_configure or standing.is_manager


@transaction.atomic
def propose(
    version: DefinitionVersion, *, by: User, seen: str = "", at: datetime | None = None
) -> DefinitionVersion:
    """Put a draft before both sides. Operations and managers may; nobody signs by proposing.

    `seen` is the fingerprint of the wording read. Raises NotAllowed, Conflict (no draft, or changed meanwhile).
    """
    row = _locked(version, by)
    if not may_propose(by):
        raise NotAllowed("Operations and managers propose definitions.")
    if row.status != Status.DRAFT:
        raise Conflict(f"{row} is {row.get_status_display().lower()}, not a draft.", state=row.status)
    _must_be_as_read(row, seen)
    now = at or database_now()
    row.status, row.proposed_at = Status.PROPOSED, now
    row.save(update_fields=["status", "proposed_at"])
    outbox.leave(PROPOSED, row.pk, at=now, payload={"by": by.pk})
    return row


@transaction.atomic
def take_back(version: DefinitionVersion, *, by: User) -> DefinitionVersion:
    """Make a draft of it again, to be written otherwise. Whoever has signed it signs the new wording anew."""
    row = _locked(version, by)
    if not may_propose(by):
        raise NotAllowed("Operations and managers take a proposal back.")
    if row.status != Status.PROPOSED:
        raise Conflict(f"{row} is {row.get_status_display().lower()}, not proposed.", state=row.status)
    row.signatures.all().delete()
    row.status, row.proposed_at = Status.DRAFT, None
    row.save(update_fields=["status", "proposed_at"])
    return row


@transaction.atomic
def sign(
    version: DefinitionVersion, *, by: User, side: str = "", seen: str = "", at: datetime | None = None
) -> DefinitionVersion:
    """Sign for one's own side. Once both have signed, the version comes into force at its start, or now.

    `seen` is the fingerprint of the wording read: a proposal that was taken back may say something else by now.
    Raises NotAllowed (nobody signs for the other side; operations never), Conflict (not proposed, signed before, or
    changed meanwhile).
    """
    row = _locked(version, by)
    now = at or database_now()
    asked = side_to_sign(row, by, side)
    _must_be_as_read(row, seen)
    signature = DefinitionSignature.objects.create(version=row, side=asked, person=by, at=now)
    outbox.leave(SIGNED, signature.pk, at=now)
    if row.signatures.count() == len(SIDES):
        row.status = Status.SIGNED
        row.effective_from = row.effective_from or now
        row.save(update_fields=["status", "effective_from"])
        activate_due(at=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def activate_due(at: datetime | None = None) -> int:
    """Bring signed versions into force whose start has come; answers how many. Safe to run twice and in parallel."""
    now = at or database_now()
    due = DefinitionVersion.objects.select_for_update().filter(status=Status.SIGNED, effective_from__lte=now)
    rows = list(due.order_by("effective_from", "number"))
    for row in rows:
        inforce = DefinitionVersion.objects.filter(definition=row.definition, status=Status.ACTIVE)
        inforce.update(status=Status.SUPERSEDED, effective_until=row.effective_from)
        row.status = Status.ACTIVE
        row.save(update_fields=["status"])
    return len(rows)


def _locked(version: DefinitionVersion, by: User) -> DefinitionVersion:
    """Held by whoever acts on it."""
    acting(by.pk)
    return DefinitionVersion.objects.select_for_update().get(pk=version.pk)


def _must_be_as_read(version: DefinitionVersion, seen: str) -> None:
    if seen and fingerprint(version) != seen:
        raise Conflict(f"{version} was changed meanwhile. Open it again to read it.", state=version.status)
