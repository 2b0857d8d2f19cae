"""Working recomputes off: a batch of leads a transaction, so that it can die at any point and go on from there.

The recompute's own row is locked first, so that two workers never do the same; then the leads, of which those
that somebody works on are left for later; then their clocks. Sweeps and verbs go on meanwhile.

A transaction that was open when it began may have read what held before, and start a clock by it behind the
cursor. So it ends with a last look at whatever has not gone over, once all of those have ended. It waits for them
without holding anything, and without keeping another recompute from its turn.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import DataError, IntegrityError, InternalError, transaction

from common.database.moments import database_now
from leads.models import Lead
from sla.models import Recompute
from sla.services.recompute.changes import Batch, Found, judge
from sla.services.recompute.concerned import concerned, leads_elsewhere, not_gone_over, of_leads, waiting
from sla.services.recompute.rules import rule_of
from sla.services.recompute.writers import open_writers
from sla.services.recompute.writing import write

log = logging.getLogger(__name__)

BATCH = 200  # leads: some 500 clocks, locked for a fraction of a second
BUDGET = timedelta(seconds=45)
POISON = (DataError, IntegrityError, InternalError)
COUNTS = ("moved", "missed", "excused", "skipped")
PROGRESS = ("total", "stage", "writers", "cursor", "left", "done_at", *COUNTS)
Stage = Recompute.Stage


def work_off(budget: timedelta = BUDGET) -> int:
    """Batches, oldest recompute first, until nothing waits or the time is up; answers how many."""
    ends, batches = time.monotonic() + budget.total_seconds(), 0
    while time.monotonic() < ends and work_off_batch():
        batches += 1
    return batches


def work_off_batch(limit: int = BATCH) -> bool:
    """One batch of the oldest that is due, that waits for nothing and that no other worker is at; False: nothing."""
    due = Recompute.objects.filter(done_at=None, starts_at__lte=database_now()).order_by("pk")
    return any(_batch(key, limit) for key in due.values_list("pk", flat=True))


@transaction.atomic
def _batch(key: int, limit: int) -> bool:
    rows = Recompute.objects.filter(pk=key, done_at=None)
    recompute = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if recompute is None:
        return False
    if recompute.total is None:
        recompute.writers, recompute.total = open_writers(), waiting(recompute).count()
        recompute.left = leads_elsewhere(recompute)
    leads = _next_leads(recompute, limit)
    free = _locked(leads)
    recompute.left = [*recompute.left, *sorted(set(leads) - set(free))]
    _visit(recompute, free)
    went_on = bool(free) if leads else _end_of_stage(recompute)
    recompute.save(update_fields=PROGRESS)
    return went_on


def _next_leads(recompute: Recompute, limit: int) -> list[int]:
    """Leads in the order of their keys; once all were visited, those that were left."""
    wanted = not_gone_over if recompute.stage == Stage.LAST_LOOK else concerned
    rows = wanted(recompute).filter(lead__gt=recompute.cursor).order_by("lead_id")
    leads = list(rows.values_list("lead_id", flat=True).distinct()[:limit])
    if leads:
        recompute.cursor = leads[-1]
        return leads
    leads, recompute.left = sorted(set(recompute.left[:limit])), recompute.left[limit:]
    return leads


def _end_of_stage(recompute: Recompute) -> bool:
    """What comes after the last lead; False while it waits. The last look has a transaction of its own."""
    if recompute.stage == Stage.LAST_LOOK:
        recompute.done_at = database_now()
        return True
    recompute.writers = sorted(set(recompute.writers) & set(open_writers()))
    if recompute.writers:
        recompute.stage = Stage.WAITING
        return False
    recompute.stage, recompute.cursor, recompute.skipped = (
        Stage.LAST_LOOK,
        0,
        0,
    )  # it decides about these once more
    recompute.left = leads_elsewhere(recompute)
    return True


def _locked(leads: Sequence[int]) -> list[int]:
    rows = Lead.objects.filter(pk__in=leads).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return list(rows.values_list("pk", flat=True))


def _visit(recompute: Recompute, leads: Sequence[int]) -> None:
    """All at once; where one spoils it, one by one, and what cannot be written keeps what it had (R20)."""
    if not leads:
        return
    try:
        with transaction.atomic():
            found = _write(recompute, leads)
    except POISON as error:
        if len(leads) > 1:
            for lead in leads:
                _visit(recompute, [lead])
            return
        log.error(
            "The clocks of lead %s are not recomputed: %s", leads[0], str(error).strip().splitlines()[0]
        )
        recompute.skipped += waiting(recompute).filter(lead=leads[0]).count()
        return
    recompute.moved += len(found.moved)
    recompute.missed += sum(moved.is_missed for moved in found.moved)
    recompute.excused += len(found.excused)
    recompute.skipped += found.skipped


def _write(recompute: Recompute, leads: Sequence[int]) -> Found:
    rows = of_leads(recompute, leads).order_by("pk")
    clocks = list(rows.select_for_update(no_key=True, of=("self",)))
    now = database_now()
    batch = Batch(clocks)
    found = judge(batch, rule_of(recompute, batch.entries), now)
    write(recompute, found, now)
    return found
