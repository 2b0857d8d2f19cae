"""Contests: marketing contests a rejection, a sales manager upholds or reverses it. Reversed ones count net."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.engine.standing import SALES, Standing
from accounts.models import User
from accounts.queries import standing_of
from calendars.engine.business_time import NeverOpensError
from common import outbox
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from leads.models import Handoff
from leads.services.acts import lock
from sla.engine.working_days import end_of_working_day
from sla.models import Contest
from sla.queries.contests import contest_of
from sla.services.hours import ALWAYS, WorkingHours

DAYS = 5
ASKED, DECIDED = "contest.asked", "contest.decided"
Decision = Contest.Decision


@dataclass(frozen=True, slots=True)
class ContestFace:
    """A rejection that can be contested until a moment, or the contest of it, for the person who looks."""

    contest: Contest | None
    may_ask: bool
    may_decide: bool
    until: datetime
    at: datetime

    @property
    def overdue(self) -> bool:
        """It waits longer than was agreed."""
        return self.contest is not None and not self.contest.decision and self.until < self.at


@transaction.atomic
def ask(handoff: Handoff, *, by: User, text: str, at: datetime | None = None) -> Contest:
    """Marketing asks, once a cycle and in time. Raises NotAllowed, Invalid or Conflict."""
    if not may_ask(standing_of(by)):
        raise NotAllowed("Marketing contests a rejection.")
    lock([handoff.lead_id])
    now = at or database_now()
    row = Handoff.objects.get(pk=handoff.pk)
    if row.status != Handoff.Status.REJECTED or row.closed_at is None:
        raise Conflict("Only a rejection that stands can be contested.", state=row.status)
    known = Contest.objects.filter(handoff=row).select_related("asked_by").first()
    if known is not None:
        who = known.asked_by.name
        raise Conflict("This rejection is contested already.", state="contested", by=who, at=known.asked_at)
    if now >= open_until(row.closed_at):
        raise Conflict(f"A rejection can be contested for {DAYS} business days.", state="over")
    if not text.strip():
        raise Invalid({"text": "Say why the rejection is wrong."})
    contest = Contest.objects.create(handoff=row, asked_by=by, asked_at=now, text=text.strip())
    outbox.leave(ASKED, contest.pk, at=now)
    return contest


@transaction.atomic
def decide(contest: Contest, *, by: User, decision: str, at: datetime | None = None) -> Contest:
    """A sales manager upholds or reverses it, once. Raises NotAllowed, Invalid or Conflict."""
    if not may_decide(contest, standing_of(by)):
        raise NotAllowed("A sales manager decides this.")
    if decision not in (Decision.UPHELD, Decision.REVERSED):
        raise Invalid({"decision": "Uphold or reverse it."})
    lock([contest.handoff.lead_id])
    now = at or database_now()
    row = Contest.objects.select_related("decided_by").get(pk=contest.pk)
    if row.decision:
        name, own = row.decided_by.name if row.decided_by else "", row.decided_by == by
        raise Conflict(
            f"You {row.decision} it already." if own else "This contest is decided already.",
            state=row.decision, by=name, at=row.decided_at, did=f"{row.decision} it", own=own,
        )  # fmt: skip
    row.decision, row.decided_by, row.decided_at = decision, by, now
    row.save(update_fields=["decision", "decided_by", "decided_at"])
    outbox.leave(DECIDED, row.pk, at=now)
    return row


def open_until(rejected_at: datetime) -> datetime:
    """The end of the fifth business day of marketing after the day of the rejection; of its hours where it has any."""
    try:
        return end_of_working_day(WorkingHours().marketing.calendar, rejected_at, DAYS)
    except NeverOpensError:
        return end_of_working_day(ALWAYS.calendar, rejected_at, DAYS)


def may_ask(standing: Standing) -> bool:
    return standing.is_marketing and not standing.is_read_only


def may_decide(contest: Contest, standing: Standing) -> bool:
    """A manager of sales, who did not ask it himself."""
    return SALES in standing.signs_for and contest.asked_by_id != standing.person


def face_of_contest(contest: Contest, standing: Standing, at: datetime) -> ContestFace:
    open_for = not contest.decision and may_decide(contest, standing)
    return ContestFace(contest, False, open_for, contest.decide_by, at)


def contest_face(handoff: Handoff | None, standing: Standing, at: datetime) -> ContestFace | None:
    """None for what is not rejected, and where nothing was contested and this person cannot."""
    if handoff is None or handoff.status != Handoff.Status.REJECTED or handoff.closed_at is None:
        return None
    contest = contest_of(handoff)
    if contest is not None:
        return face_of_contest(contest, standing, at)
    if not may_ask(standing):
        return None
    until = open_until(handoff.closed_at)
    return ContestFace(None, True, False, until, at) if at < until else None
