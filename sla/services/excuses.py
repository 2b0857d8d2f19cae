"""Excuses: a miss is forgiven by the other side, or not (domain rule 12). Gross keeps it, net leaves it out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.engine.standing import Standing
from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from sla.models import Breach, ClockEvent, Excuse
from sla.models.breach import TIME_TO_DECIDE

MARKETING, SALES, JOINT = "marketing", "sales", "joint"
OTHER = {MARKETING: SALES, SALES: MARKETING}
ASKED, DECIDED = "excuse.asked", "excuse.decided"
WHO_ASKS = "Only whoever missed this promise can ask for an excuse."
Decision = Excuse.Decision


@transaction.atomic
def ask(breach: Breach, *, by: User, reason: str, evidence: str = "", at: datetime | None = None) -> Excuse:
    """One side asks the other. Raises NotAllowed, Invalid, or Conflict when one stands already."""
    row = _locked(breach)
    side = asking_side(row, standing_of(by))
    if side is None:
        raise NotAllowed(WHO_ASKS)
    if not reason.strip():
        raise Invalid({"reason": "Say why it should not count."})
    standing = row.excuses.exclude(decision__in=Excuse.OVER).first()
    if row.by_recalculation:
        raise Conflict(
            "Only a later change of its hours or terms made it late, and that excused it already.",
            state="excused",
        )
    if standing is not None:
        said = "is excused already" if standing.decision else "waits for a decision already"
        raise Conflict(f"This breach {said}.", state=standing.decision or "waiting", at=standing.asked_at)
    now = at or database_now()
    excuse = Excuse.objects.create(
        breach=row, side=side, asked_by=by, asked_at=now, reason=reason.strip()[:60], evidence=evidence.strip(),
        decide_by=now + TIME_TO_DECIDE,
    )  # fmt: skip
    outbox.leave(ASKED, excuse.pk, at=now)
    return excuse


@transaction.atomic
def decide(excuse: Excuse, *, by: User, decision: str, at: datetime | None = None) -> Excuse:
    """The other side grants or refuses, once. A manager of it decides, never operations.

    What is granted climbs its ladder no further; what was about to be told of it is dropped.
    """
    _locked(excuse.breach)  # before the excuse, as recomputes do
    row = Excuse.objects.select_for_update(of=("self",)).select_related("breach").get(pk=excuse.pk)
    if not _decides(row, standing_of(by)):
        raise NotAllowed(f"A manager of {OTHER[row.side]} decides this.")
    if row.decision:
        name = row.decided_by.name if row.decided_by else ""
        own = bool(name) and row.decided_by == by
        raise Conflict(
            f"You {row.decision} it already." if own else "This excuse is decided already.",
            state=row.decision, by=name, at=row.decided_at, did=f"{row.decision} it" if name else "", own=own,
        )  # fmt: skip
    if decision not in (Decision.GRANTED, Decision.REFUSED):
        raise Invalid({"decision": "Grant or refuse it."})
    now = at or database_now()
    row.decision, row.decided_by, row.decided_at = decision, by, now
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    if decision == Decision.GRANTED:
        end_ladders([row.breach_id])
        ClockEvent.objects.create(
            clock_id=row.breach.clock_id,
            kind=ClockEvent.Kind.EXCUSED,
            at=now,
            recorded_at=now,
            data={"excuse": row.pk},
        )
    outbox.leave(DECIDED, row.pk, at=now)
    return row


def end_ladders(breaches: Collection[int]) -> None:
    """Nobody is told any more of what is forgiven. Whoever calls holds these misses, so no step is being taken."""
    Breach.objects.filter(pk__in=breaches).update(rung_at=None, ladder_error="")


def asking_side(breach: Breach, standing: Standing) -> str | None:
    """The side for which this person may ask: the one that owed it; of a joint promise either.

    Sales is whoever sits in the team that missed it, if one had it.
    """
    if standing.is_read_only:
        return None
    owed, missed = breach.clock.commitment.side, breach.team_id
    own = {seat.side for seat in standing.memberships if seat.side != SALES or missed in (None, seat.team_id)}
    if owed == JOINT:
        return min(own, default=None)
    return owed if owed in own else None


def may_decide(excuse: Excuse, standing: Standing) -> bool:
    """A manager of the other side, who did not ask it himself."""
    return not excuse.decision and _decides(excuse, standing)


def _decides(excuse: Excuse, standing: Standing) -> bool:
    return excuse.asked_by_id != standing.person and OTHER.get(excuse.side) in standing.signs_for


def _locked(breach: Breach) -> Breach:
    rows = Breach.objects.select_related("clock__commitment").select_for_update(of=("self",))
    return rows.get(pk=breach.pk)
