"""What the worker does with an import: check it, write it, judge what came in. Killed anywhere it goes on there."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import OperationalError, transaction
from django.db.models import F
from redis.exceptions import RedisError

from common.database.moments import database_now
from common.database.retries import is_lost, retried
from common.refusals import Invalid
from intake.encodings import UnreadableError
from intake.history import Request, import_file
from intake.mapping import Mapping
from intake.models import ImportRun
from intake.report import Report
from intake.services.portions import LEASE, OvertakenError, Portions
from intake.services.runs import MAX_ROWS
from leads.models import Qualification
from leads.models.qualification import Basis
from leads.services import judging

log = logging.getLogger(__name__)

TRIES = 3
SHOWN = 1_000  # refused rows on the page; the file of refused rows has all of them


def work_on(run_id: int) -> None:
    """Do what a run waits for. One that another worker holds, or that waits for a person, is left (R31).

    So is one that lost to another transaction: it goes on within a minute, and that was none of its tries (R23).
    """
    if not _begin(run_id):
        return
    try:
        _go_on(run_id)
    except OperationalError as error:
        if not is_lost(error):
            raise
        log.warning("Import %s lost to another transaction; it goes on within a minute.", run_id)
        _give_try_back(run_id)


def _go_on(run_id: int) -> None:
    _read_in(run_id)
    run = ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.RUNNING).defer("content").first()
    if run is None or "leads" not in run.report:
        return
    try:
        judging.judge_inquiries(run.report["leads"])
    except Invalid as refused:  # by hours that never open; it goes on when somebody has corrected them (R20)
        _wait_for(run_id, refused.message)
    else:
        _finish(run_id)


@transaction.atomic
def _wait_for(run_id: int, reason: str) -> None:
    """What it waits for, to be read on its page; logged once, though it is tried every minute."""
    run = _held(run_id)
    if run is not None and run.report.get("waits") != reason:
        log.error("Import %s is written and cannot be judged yet: %s", run_id, reason)
        run.report |= {"waits": reason}
        run.save(update_fields=["report"])


def _give_try_back(run_id: int) -> None:
    """What is written already is not counted, so it has nothing to give back."""
    rows = ImportRun.objects.filter(pk=run_id, status__in=ImportRun.WORKED_ON, tries__gt=0)
    rows.exclude(report__has_key="leads").update(tries=F("tries") - 1, claimed_until=None)


def waiting() -> list[int]:
    """Runs whose worker died or never heard of them."""
    return list(ImportRun.objects.filter(status__in=ImportRun.WORKED_ON).values_list("pk", flat=True))


def progress_of(run: ImportRun) -> int:
    """Rows done so far; 0 where nobody knows."""
    with suppress(RedisError, OSError):
        return int(cache.get(_key(run.pk)) or 0)
    return 0


@retried
@transaction.atomic
def _begin(run_id: int) -> bool:
    """Count the try, in a transaction of its own: a file that kills its worker is put aside (R20).

    What is being written stays with its worker as long as that one says so again and again.
    """
    run, now = _held(run_id), database_now()
    if run is None or "leads" in run.report:
        return run is not None  # written already; only judging is left, which may be done any number of times
    if run.claimed_until is not None and run.claimed_until > now:
        return False
    if run.tries >= TRIES:
        _give_up(run)
    run.tries += 1
    run.claimed_until = now + LEASE if run.status == ImportRun.Status.RUNNING else None
    run.save(update_fields=["tries", "status", "report", "claimed_until", "finished_at"])
    return run.status != ImportRun.Status.FAILED


def _give_up(run: ImportRun) -> None:
    """What was written of it is judged all the same, and then it has failed."""
    written = list(run.portions.all())
    done = sum(sum(portion.counts.values()) for portion in written)
    said = f"The import stopped {TRIES} times. Nothing of it was written."
    if done:
        said = (
            f"The import stopped {TRIES} times. {done:,} rows are done, the others are not. Check the file again and "
            "import it: what is done stays as it is."
        )
    run.report = {"problem": said}
    leads = [lead for portion in written for lead in portion.leads]
    if leads:
        run.report["leads"] = leads
    else:
        run.status, run.finished_at = ImportRun.Status.FAILED, database_now()


def _read_in(run_id: int) -> None:
    """Check the file, or write what of it is not written yet."""
    run = ImportRun.objects.filter(pk=run_id, status__in=ImportRun.WORKED_ON).first()
    if run is None or "leads" in run.report:
        return
    if run.status == ImportRun.Status.CHECKING:
        _check(run_id)
        return
    try:
        _account_for(run_id, _import(run, Portions(run)))
    except UnreadableError as error:
        ImportRun.objects.filter(pk=run_id).update(**_unreadable(error))
    except OvertakenError:
        log.info("Another worker goes on with import %s.", run_id)


@transaction.atomic
def _check(run_id: int) -> None:
    """Holds the run: no other worker begins it meanwhile."""
    run = _held(run_id)
    if run is None or run.status != ImportRun.Status.CHECKING:
        return
    try:
        run.report, run.refusals = _account(_import(run))
        run.status, run.finished_at = ImportRun.Status.CHECKED, database_now()
    except UnreadableError as error:
        for name, value in _unreadable(error).items():
            setattr(run, name, value)
    run.save(update_fields=["report", "refusals", "status", "finished_at"])


def _unreadable(error: UnreadableError) -> dict[str, Any]:
    return {
        "report": {"problem": error.message}, "status": ImportRun.Status.FAILED, "finished_at": database_now(),
    }  # fmt: skip


@transaction.atomic
def _account_for(run_id: int, report: Report) -> None:
    """All portions are written: one account of them all. Without leads to judge, that is the end."""
    run = ImportRun.objects.select_for_update(no_key=True).defer("content").get(pk=run_id)
    if run.status != ImportRun.Status.RUNNING or "leads" in run.report:
        return
    run.report, run.refusals = _account(report)
    run.portions.all().delete()
    if not run.report["leads"]:
        run.status, run.finished_at = ImportRun.Status.DONE, database_now()
    run.save(update_fields=["report", "refusals", "status", "finished_at"])


@transaction.atomic
def _finish(run_id: int) -> None:
    run = _held(run_id)
    if run is not None:
        leads = run.report["leads"]
        run.report.pop("waits", None)
        judged = Qualification.objects.filter(lead__in=leads, basis=Basis.DEFINITION, at__gte=run.created_at)
        run.report |= {"leads": [], "mqls": judged.values("lead").distinct().count()}
        ended = ImportRun.Status.FAILED if "problem" in run.report else ImportRun.Status.DONE
        run.status, run.finished_at = ended, database_now()
        run.save(update_fields=["report", "status", "finished_at"])


def _held(run_id: int) -> ImportRun | None:
    """Without the file: most who hold a run read nothing of it."""
    waiting = ImportRun.objects.select_for_update(skip_locked=True, no_key=True).defer("content")
    return waiting.filter(pk=run_id, status__in=ImportRun.WORKED_ON).first()


def _import(run: ImportRun, portions: Portions | None = None) -> Report:
    request = Request(
        kind=run.kind,
        name=run.name,
        mapping=Mapping.from_dict(run.mapping),
        encoding=run.encoding,
        dry_run=run.status == ImportRun.Status.CHECKING,
        historic=False,
        keep=run.known == ImportRun.Known.FILL,
        source="file",
        most_rows=MAX_ROWS,
    )
    return import_file(bytes(run.content), request, progress=lambda done: _tell(run.pk, done), log=portions)


def _account(report: Report) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the page shows, and every refused row."""
    told = report.as_dict()
    refusals = told["refusals"]
    leads = [] if report.dry_run else report.leads
    return {**told, "refusals": refusals[:SHOWN], "leads": leads, "mqls": 0}, refusals


def _tell(run_id: int, done: int) -> None:
    """Only for the page that shows it: an import does not stop because nobody can be told."""
    with suppress(RedisError, OSError):
        cache.set(_key(run_id), done, timeout=3_600)


def _key(run_id: int) -> str:
    return f"import:{run_id}"
