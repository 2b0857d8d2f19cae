"""The nightly replay (R19): clocks are rebuilt from journal and log and compared with what is stored.

Nothing is locked or written, so nobody waits for it. A night looks at the leads that changed since the night before,
then at a share of all that turns from night to night, and stops when its time is up.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from common.database.moments import database_now
from leads.models import Lead, LeadEvent
from sla.models import Clock, ClockEvent
from sla.services.invariants import CLOCKS, PATIENCE, leave_once_a_night
from sla.services.replay import Replayed, compare

log = logging.getLogger(__name__)

BATCH = 200  # leads in one transaction: seconds, however long their journals are
SHARE = 10_000  # leads of the turning share in one night
SINCE = timedelta(hours=25)  # a night, and what it may be late
BUDGET = timedelta(minutes=10)
NAMED = 20  # clocks in the log


def replay_share(at: datetime | None = None, budget: timedelta = BUDGET, share: int = SHARE) -> Replayed:
    """Compare what is this night's turn; a difference is logged, and left for the admins once a night."""
    now, ends = at or database_now(), time.monotonic() + budget.total_seconds()
    leads = _tonight(now, share)
    result, left = Replayed(), 0
    for start in range(0, len(leads), BATCH):
        if time.monotonic() > ends:
            left = len(leads) - start
            break
        compare(leads[start : start + BATCH], result)
    log.info("%d clocks replayed, %d differ; %d leads were not reached", result.clocks, result.differs, left)
    _tell(result)
    return result


@transaction.atomic
def _tonight(now: datetime, share: int) -> list[int]:
    """Journals and logs have no index by time: reading them through may take longer than a worker's statement may."""
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
    changed = _changed(now - SINCE)
    return [*sorted(changed), *(lead for lead in _turn(now, share) if lead not in changed)]


def _changed(since: datetime) -> set[int]:
    """Leads whose journal, or the log of one of whose clocks, has a row since then."""
    by_journal = LeadEvent.objects.filter(recorded_at__gte=since).values_list("lead", flat=True)
    by_log = ClockEvent.objects.filter(recorded_at__gte=since).values_list("clock__lead", flat=True)
    return set(by_journal.distinct()) | set(by_log.distinct())


def _turn(now: datetime, share: int) -> Iterable[int]:
    """Every lead that has clocks comes up once in as many nights as there are shares; in a small house each night."""
    parts = max(-(-Lead.objects.count() // share), 1)
    found = Clock.objects.alias(part=F("lead_id") % parts).filter(part=now.toordinal() % parts)
    return found.order_by("lead_id").values_list("lead_id", flat=True).distinct()


def _tell(result: Replayed) -> None:
    differing = [*result.mended, *result.final, *result.lost]
    if differing:
        log.error("%d clocks differ from their journal: %s", len(differing), differing[:NAMED])
        leave_once_a_night(CLOCKS, {"clocks": len(differing)})
