"""One act on more leads than a page waits for: a worker does them a portion at a time, and goes on where one died."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from django.db import OperationalError, connection, transaction
from django.urls import reverse

from accounts.models import User
from common import outbox
from common.database.moments import database_now
from common.database.retries import is_lost, retried
from common.refusals import Conflict, Invalid, NotAllowed
from desk.models import BulkRun
from desk.services import bulk
from leads.models import Lead

log = logging.getLogger(__name__)

MOST = 10_000
PORTION = 100  # leads that are locked together, for a second or two
AT_ONE_GO = 300.0  # seconds; what is left then goes on within a minute, so that no task runs into its limit
IN_TURN = "SELECT pg_try_advisory_xact_lock(hashtext('desk.bulk_runs'))"
TRIES = 3
ENDED = "bulk.ended"
Status = BulkRun.Status
# What a run does to each of its leads, asked anew for every portion. Raises NotAllowed, or Invalid where what was
# chosen is no longer there.
Doing = Callable[[BulkRun], bulk.Act]


@dataclass(frozen=True, slots=True)
class Order:
    """The act, what its form was sent with, what is said of a lead it was done to, and the list it came from."""

    act: str
    said: dict[str, str]
    told: str
    back: str


@transaction.atomic
def start(order: Order, leads: Sequence[int], *, by: User) -> BulkRun:
    """Keep what is to be done, by the keys of the leads; a second click finds what the first one left.

    Raises Invalid for more than 10,000, Conflict while another list of this person is not done: others wait too.
    """
    if len(leads) > MOST:
        raise Invalid({"": f"Choose at most {MOST:,} leads at once. Narrow the list with filters."})
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two clicks at once one sees the other
    unfinished = BulkRun.objects.filter(by=by, status=Status.RUNNING).first()
    if unfinished is None:
        return BulkRun.objects.create(
            act=order.act, said=order.said, told=order.told, back=order.back, by=by,
            leads=sorted(leads), total=len(leads), created_at=database_now(),
        )  # fmt: skip
    if (unfinished.act, unfinished.said, unfinished.back) != (order.act, order.said, order.back):
        raise Conflict(
            "Another long list of yours is not done yet. A notice tells when it is; then do this one."
        )
    return unfinished


def waiting() -> list[int]:
    """Runs whose worker died, never heard of them, or let others have a turn; the oldest first."""
    return list(BulkRun.objects.filter(status=Status.RUNNING).order_by("pk").values_list("pk", flat=True))


def go_on(run_ids: Iterable[int], doing: Doing) -> None:
    """Do portion after portion of these runs, in five minutes at the most; nothing while another worker does.

    A portion and its account are one transaction. One that the database ended for another's sake comes again within
    a minute, and that is no try (R23).
    """
    until = monotonic() + AT_ONE_GO
    for run_id in run_ids:
        _go_on(run_id, doing, until)


def _go_on(run_id: int, doing: Doing, until: float) -> None:
    try:
        while monotonic() < until and _begin(run_id) and _portion(run_id, doing):
            pass
    except OperationalError as error:
        if not is_lost(error):
            raise
        log.warning("Bulk run %s lost to another transaction; it goes on within a minute.", run_id)
        BulkRun.objects.filter(pk=run_id).update(tries=0)


@retried
@transaction.atomic
def _begin(run_id: int) -> bool:
    """Count the try in a transaction of its own: a portion that kills its worker each time is given up (R20)."""
    run = _held(run_id) if _has_turn() else None
    if run is None:
        return False
    if run.tries >= TRIES:
        _end(run, Status.STOPPED, f"It broke off {TRIES} times at the same leads. What is done stays done.")
    else:
        run.tries += 1
        run.save(update_fields=["tries"])
    return run.status == Status.RUNNING


@retried
@transaction.atomic
def _portion(run_id: int, doing: Doing) -> bool:
    """Whether there is more to do. Who may act no longer stops the run; what is done by then stays done."""
    has_turn, run = _has_turn(), _held(run_id)
    if run is None:
        return False
    if not has_turn:  # another run came between, so this was no try
        run.tries = max(run.tries - 1, 0)
        run.save(update_fields=["tries"])
        return False
    keys = run.leads[run.position : run.position + PORTION]
    try:
        outcome = bulk.each(Lead.objects.filter(pk__in=keys), doing(run))
    except NotAllowed as refused:
        _end(run, Status.STOPPED, refused.message)
        return False
    except Invalid as refused:
        _end(run, Status.STOPPED, " ".join(refused.errors.values()))
        return False
    run.position, run.tries = run.position + len(keys), 0
    run.done += outcome.done
    run.refused += [[lead.pk, why] for lead, why in outcome.refused]
    run.save(update_fields=["position", "tries", "done", "refused"])
    if run.position >= run.total:
        _end(run, Status.DONE)
    return run.status == Status.RUNNING


def _has_turn() -> bool:
    """One worker at a time, until its transaction ends: long lists leave the others to notices and imports."""
    with connection.cursor() as cursor:
        cursor.execute(IN_TURN)
        return bool(cursor.fetchone()[0])


def _held(run_id: int) -> BulkRun | None:
    running = BulkRun.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return running.select_related("by").filter(pk=run_id, status=Status.RUNNING).first()


def _end(run: BulkRun, status: str, problem: str = "") -> None:
    """And tell who started it, who may have left the page long ago."""
    run.status, run.problem, run.finished_at = status, problem[:300], database_now()
    run.save(update_fields=["status", "problem", "finished_at"])
    words = f"{words_of(run)} It was stopped before the end." if problem else words_of(run)
    url = reverse("desk:queue-run", args=[run.public_id])
    outbox.leave(ENDED, run.pk, at=run.finished_at, payload={"by": run.by_id, "words": words, "url": url})


def words_of(run: BulkRun) -> str:
    """How it went, in one sentence."""
    return f"{run.done:,} of {run.total:,} leads {run.told}."
