"""Reading a brief: which wording a seller knows. Offers go on regardless."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.queries import standing_of
from common.database.moments import database_now
from common.refusals import Conflict, NotAllowed
from leads.models import BriefReading, BriefVersion


def acknowledge(brief: BriefVersion, *, by: User) -> None:
    """A seller says that this wording is known. Raises NotAllowed, or Conflict once there is a newer one."""
    if not standing_of(by).sells:
        raise NotAllowed("Only sales acknowledges briefs.")
    newest = BriefVersion.objects.filter(campaign=brief.campaign_id).order_by("-number").first()
    if newest is not None and newest.number > brief.number:
        raise Conflict(
            f"The brief was changed meanwhile. Read v{newest.number} and acknowledge that.",
            state="superseded",
        )
    read(brief, by=by, at=database_now())


def read(brief: BriefVersion | None, *, by: User, at: datetime) -> None:
    """What an accepting person had in front of them. Read twice is read once, at its first time."""
    if brief is not None:
        BriefReading.objects.bulk_create([BriefReading(brief=brief, person=by, at=at)], ignore_conflicts=True)
