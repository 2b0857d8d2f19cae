"""Finding the ladders that go on, and climbing them: safe under any number of sweeps, and at every point of a crash.

What only tells is done for a whole batch, on rows that nobody else holds. What moves a lead is done one miss at a time:
lead, clocks, miss are locked in this order, then the clock is read, then the verb judges for itself.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DataError, IntegrityError, InternalError, connection, transaction

from common.database.moments import database_now
from leads.models import Lead
from sla.models import Breach, Clock
from sla.services.ladder.judging import LATER as TRIED_AGAIN
from sla.services.ladder.judging import UNREADABLE, Climb, Hours, judge
from sla.services.ladder.moving import move
from sla.services.ladder.recording import keep

log = logging.getLogger(__name__)

BATCH = 500
ANY_DUE = "SELECT 1 FROM sla_breach WHERE rung_at <= (SELECT coalesce(%s::timestamptz, app_now())) LIMIT 1"
POISON = (DataError, IntegrityError, InternalError)
READ = ("clock__lead", "clock__commitment", "clock__handoff")


def climb(at: datetime | None = None, limit: int = BATCH) -> int:
    """Take up to `limit` ladders on as far as is due; answers how many. Only tests and history give `at`."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_DUE, [at])
        if cursor.fetchone() is None:
            return 0
    now = at or database_now()
    try:
        with transaction.atomic():
            done, alone = _together(now, limit)
    except POISON:
        done, alone = 0, list(Breach.objects.filter(rung_at__lte=now).values_list("pk", flat=True)[:limit])
    return done + sum(_alone(pk, at) for pk in alone)


def _together(now: datetime, limit: int) -> tuple[int, list[int]]:
    """What only tells. Rows that somebody works on are skipped; the next tick comes back to them."""
    rows = Breach.objects.filter(rung_at__lte=now).select_related(*READ).order_by("rung_at", "pk")
    found = list(
        rows.select_for_update(of=("self", "clock", "clock__lead"), skip_locked=True, no_key=True)[:limit]
    )
    hours = Hours(found)
    climbs = [judge(breach, hours, now) for breach in found]
    telling = [climb for climb in climbs if not climb.moves]
    if telling:
        keep(telling, now)
    return len(telling), [climb.breach.pk for climb in climbs if climb.moves]


@transaction.atomic
def _alone(pk: int, at: datetime | None) -> bool:
    """One miss in a transaction of its own; whatever it raises is parked with it (R20)."""
    breach = _locked(pk)
    now = at or database_now()
    if breach is None or breach.rung_at is None or breach.rung_at > now:
        return False
    try:
        with transaction.atomic():
            _take_on(breach, now)
    except (*POISON, *UNREADABLE) as error:
        log.exception("The ladder of breach %s is parked", pk)
        breach = Breach.objects.select_related(*READ).get(pk=pk)
        keep([Climb(breach, next_at=now + TRIED_AGAIN, error=f"{type(error).__name__}: {error}"[:200])], now)
    return True


def _locked(pk: int) -> Breach | None:
    """The miss with its lead and all the lead's clocks; None where somebody works on the lead."""
    lead = Lead.objects.filter(clocks__breach=pk)
    if lead.select_for_update(of=("self",), skip_locked=True, no_key=True).first() is None:
        return None
    list(
        Clock.objects.filter(lead__clocks__breach=pk)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    return Breach.objects.select_related(*READ).select_for_update(of=("self",), no_key=True).get(pk=pk)


def _take_on(breach: Breach, now: datetime) -> None:
    found = judge(breach, Hours([breach]), now)
    outcomes = move(found, now)
    ended = Clock.objects.filter(pk=breach.clock_id, ended_at__isnull=False).exists()
    keep([Climb(breach, found.steps, None if ended else found.next_at, found.error)], now, outcomes)
