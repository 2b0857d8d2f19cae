"""What the two sides say to each other about an excuse or a contest."""

from __future__ import annotations

from django.db import transaction

from accounts.engine.standing import Standing
from accounts.models import User
from accounts.queries import standing_of
from common import outbox
from common.database.moments import database_now
from common.refusals import Invalid, NotAllowed
from sla.models import Contest, Excuse, Remark
from sla.services import contests, excuses

SAID = "remark.made"


@transaction.atomic
def say(subject: Excuse | Contest, text: str, *, by: User) -> Remark:
    """Anyone of either side. Raises NotAllowed or Invalid."""
    standing = standing_of(by)
    if not may_say(standing):
        raise NotAllowed("Only people of marketing and sales write here.")
    if not text.strip():
        raise Invalid({"text": "Write something."})
    where = {"excuse": subject} if isinstance(subject, Excuse) else {"contest": subject}
    remark = Remark.objects.create(by=by, side=standing.side, at=database_now(), text=text.strip(), **where)
    outbox.leave(SAID, remark.pk, at=remark.at)
    return remark


def may_say(standing: Standing) -> bool:
    return not standing.is_read_only and bool(standing.memberships or standing.may_configure)


@transaction.atomic
def answer(subject: Excuse | Contest, *, by: User, text: str = "", decision: str = "") -> None:
    """What one says and decides at once: both or neither."""
    if text.strip():
        say(subject, text, by=by)
    if decision and isinstance(subject, Excuse):
        excuses.decide(subject, by=by, decision=decision)
    elif decision and isinstance(subject, Contest):
        contests.decide(subject, by=by, decision=decision)
