"""Editing a draft of the contract. Whoever had an older wording before their eyes overwrites nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from common.refusals import Conflict, Invalid
from definitions.engine.shapes import CriteriaError
from sla.models import Commitment, ContractVersion
from sla.queries.contracts import drafts, fingerprint
from sla.services import contracts
from sla.services.agreement_promise import promise
from sla.services.agreements import commitment_of, days_in_hours

TERMS = (
    "agreed_fields",
    "counting_rules",
    "pause_rules",
    "alerts",
    "review_on",
    "note",
    "mql_version",
    "sql_version",
)


@transaction.atomic
def open_draft(*, by: User) -> ContractVersion:
    """The draft that is being written, else a new one from the version in force. Two at once open the same."""
    contracts.must_draft(by)
    contracts.locked_contract()
    return drafts().first() or contracts.draft(by=by)


@transaction.atomic
def revise(version: ContractVersion, terms: Mapping[str, Any], *, seen: str, by: User) -> None:
    """Everything but the promises. Raises Conflict when somebody was faster."""
    row = _opened(version, seen, by)
    for name in TERMS:
        setattr(row, name, terms[name])
    row.save(update_fields=TERMS)


@transaction.atomic
def put(
    version: ContractVersion,
    said: Mapping[str, Any],
    *,
    seen: str,
    by: User,
    which: UUID | None = None,
) -> Commitment:
    """Add a promise, written as in an agreement file, or replace one. Raises Invalid: its field -> reason."""
    row = _opened(version, seen, by)
    known = _one(row, which) if which else None
    stays = known is not None and known.kind == said.get("kind")
    position = known.position if known and stays else _last(row, str(said.get("kind"))) + 1
    commitment = _read(row, said, position)
    if known:
        commitment.pk, commitment.public_id = known.pk, known.public_id
    commitment.save(force_update=known is not None)
    return commitment


@transaction.atomic
def remove(version: ContractVersion, which: UUID, *, seen: str, by: User) -> Commitment:
    row = _one(_opened(version, seen, by), which)
    row.delete()
    return row


@transaction.atomic
def move(version: ContractVersion, which: UUID, *, up: bool, seen: str, by: User) -> None:
    """Change places with the one tried before it (or after it) within its kind; at the end nothing changes."""
    row = _opened(version, seen, by)
    moved = _one(row, which)
    same = row.commitments.filter(kind=moved.kind)
    if up:
        other = same.filter(position__lt=moved.position).order_by("-position").first()
    else:
        other = same.filter(position__gt=moved.position).order_by("position").first()
    if other is None:
        return
    mine, theirs = moved.position, other.position
    for commitment, position in ((moved, _last(row, moved.kind) + 1), (other, mine), (moved, theirs)):
        commitment.position = position
        commitment.save(update_fields=["position"])


@transaction.atomic
def propose(version: ContractVersion, *, by: User, at: datetime | None = None) -> ContractVersion:
    """Put it before both sides, its days in hours of the calendars as they are now: what is read is signed."""
    contracts.must_draft(by)
    row = contracts.locked_draft(version)
    for commitment in row.commitments.filter(target_days__isnull=False).select_related("calendar"):
        commitment.target = days_in_hours(
            commitment.target_days or 0, commitment.calendar_choice, commitment.calendar
        )
        commitment.save(update_fields=["target"])
    return contracts.propose(row, by=by, at=at)


def _opened(version: ContractVersion, seen: str, by: User) -> ContractVersion:
    contracts.must_draft(by)
    row = contracts.locked_draft(version)
    if fingerprint(row) != seen:
        raise Conflict("Somebody changed this draft meanwhile. Open it again, then make your change.")
    return row


def _one(version: ContractVersion, which: UUID) -> Commitment:
    found = version.commitments.filter(public_id=which).first()
    if found is None:
        raise Conflict("Somebody removed this promise meanwhile.")
    return found


def _last(version: ContractVersion, kind: str) -> int:
    last: int | None = version.commitments.filter(kind=kind).aggregate(last=Max("position"))["last"]
    return -1 if last is None else last


def _read(version: ContractVersion, said: Mapping[str, Any], position: int) -> Commitment:
    try:
        return commitment_of(promise(dict(said), ""), version, position)
    except CriteriaError as refusal:
        raise Invalid({_field(refusal.path): _sentence(refusal.reason)}) from refusal
    except Invalid as refusal:
        raise Invalid({_field(path): reason for path, reason in refusal.errors.items()}) from refusal


def _sentence(reason: str) -> str:
    """What an agreement file is told at a path, as a page says it below a field."""
    return f"{reason[:1].upper()}{reason[1:].removesuffix('.')}."


def _field(path: str) -> str:
    """The field of the promise that a path into it is about: `/warnings/0` is about `warnings`."""
    return path.strip("/").partition("/")[0]
