"""What the two sides say to each other about an excuse or a contest."""

from __future__ import annotations

from datetime import timedelta

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
ONCE = timedelta(minutes=1)


@transaction.atomic
def say(subject: Excuse | Contest, text: str, *, by: User) -> Remark:
    """Anyone of either side. The same words again within a minute are said once. Raises NotAllowed or Invalid."""
    standing = standing_of(by)
    if not may_say(standing):
        raise NotAllowed("Only people of marketing and sales write here.")
    words = text.strip()
    if not words:
        raise Invalid({"text": "Write something."})
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two clicks at once one sees the other
    now = database_now()
    where = {"excuse": subject} if isinstance(subject, Excuse) else {"contest": subject}
    twice = Remark.objects.filter(by=by, text=words, at__gt=now - ONCE, **where).first()
    if twice is not None:
        return twice
    remark = Remark.objects.create(by=by, side=standing.side, at=now, text=words, **where)
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
