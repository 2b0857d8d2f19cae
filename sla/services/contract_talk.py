"""Talking about a version of the contract before it is signed, and sending a proposal back with what should change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from sla.models import ContractStep, ContractVersion, Remark
from sla.queries.contracts import fingerprint
from sla.queries.talk import last_step, proposal_of
from sla.services import contracts
from sla.services.threads import ONCE, SAID, may_say

SENT_BACK = "contract.sent_back"
Status = ContractVersion.Status


@transaction.atomic
def say(
    version: ContractVersion, text: str, *, by: User, about: str = "", at: datetime | None = None
) -> Remark:
    """Anyone of either side, about a promise or all of it. The same words again within a minute are said once.

    Raises NotAllowed, Invalid, or Conflict once it is signed.
    """
    if not may_say(standing_of(by)):
        raise NotAllowed("Only people of marketing and sales write here.")
    row = contracts.locked_version(version)
    if row.status == Status.SIGNED:
        raise Conflict(
            f"{row} is signed. What should change now belongs to the next version.", state=row.status
        )
    words = text.strip()
    if not words:
        raise Invalid({"text": "Write something."})
    if about and not row.commitments.filter(name=about).exists():
        raise Invalid({"about": "Somebody renamed or removed this promise meanwhile."})
    now = at or database_now()
    twice = row.remarks.filter(by=by, text=words, about=about, step=None, at__gt=now - ONCE).first()
    return twice or _remark(row, words, by=by, about=about, at=now)


@transaction.atomic
def send_back(
    version: ContractVersion, *, by: User, text: str = "", seen: str = "", at: datetime | None = None
) -> ContractVersion:
    """A proposal becomes a draft again. Who had signed it, signed another wording: that goes.

    Who proposed it may take it back without a word, anyone else says what should change. `seen` is the wording read.
    Raises NotAllowed, Conflict (not proposed any more, or another wording), Invalid.
    """
    contracts.must_draft(by)
    row = contracts.locked_version(version)
    if row.status != Status.PROPOSED:
        _refuse(row)
    if seen and fingerprint(row) != seen:
        raise Conflict(
            f"{row} was changed meanwhile. Read it again before you send it back.", state=row.status
        )
    words = text.strip()
    if not words and not may_take_back(row, by):
        raise Invalid({"text": "Say what should change."})
    now = at or database_now()
    row.signatures.all().delete()
    row.status, row.effective_from = Status.DRAFT, None
    row.save(update_fields=["status", "effective_from"])
    step = contracts.note_step(row, ContractStep.Kind.SENT_BACK, by=by, side=standing_of(by).side, at=now)
    if words:
        Remark.objects.create(version=row, step=step, by=by, side=step.side, at=now, text=words)
    outbox.leave(SENT_BACK, step.pk, at=now)
    return row


def may_take_back(version: ContractVersion, by: User) -> bool:
    """Whoever proposed it."""
    proposal = proposal_of(version)
    return proposal is not None and proposal.by_id == by.pk


def _refuse(version: ContractVersion) -> None:
    """Somebody was faster: who, and when."""
    said = f"{version} is {version.get_status_display().lower()}, not proposed."
    last = last_step(version)
    if last is None:
        raise Conflict(said, state=version.status)
    raise Conflict(said, state=version.status, by=last.by.name, at=last.at)


def _remark(version: ContractVersion, text: str, *, by: User, about: str, at: datetime) -> Remark:
    side = standing_of(by).side
    remark = Remark.objects.create(version=version, by=by, side=side, about=about, at=at, text=text)
    outbox.leave(SAID, remark.pk, at=at)
    return remark
