"""Importing one file: read, mapped, written in one transaction, and accounted for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, OperationalError, connection, transaction

from common.moments import database_now
from intake.encodings import UnreadableError
from intake.event_files import EventFile
from intake.lead_files import LeadFile
from intake.mapping import FIELDS, Mapping
from intake.reading import Table, read
from intake.references import Directory
from intake.report import Report
from intake.rows import Reader
from intake.touch_files import TouchFile

KINDS = tuple(FIELDS)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What to do with a file. `historic` is what happened elsewhere; `keep` fills only what is empty."""

    kind: str
    name: str = ""
    mapping: Mapping = field(default_factory=Mapping)
    create: frozenset[str] = frozenset()
    encoding: str = ""
    dry_run: bool = False
    historic: bool = True
    keep: bool = False
    source: str = "import"
    most_rows: int | None = None


def import_file(
    content: bytes, request: Request, *, progress: Callable[[int], None] = lambda done: None
) -> Report:
    """Import all that can be imported and account for the rest; raises UnreadableError for the file as a whole.

    One transaction, or one savepoint of the caller's: killed in the middle nothing has happened, and the same
    import starts again from nothing.
    """
    table = read(content, encoding=request.encoding)
    _check_size(table, request.most_rows)
    for attempt in range(1, TRIES + 1):
        try:
            return _import(table, request, progress)
        except (IntegrityError, OperationalError):
            # Someone wrote the same lead meanwhile; the next try finds it (R23).
            if attempt == TRIES:
                raise
            time.sleep(random.uniform(0.1, 0.5) * attempt)  # noqa: S311 - spreads retries, keeps no secret
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def _import(table: Table, request: Request, progress: Callable[[int], None]) -> Report:
    _one_at_a_time()
    at = database_now()
    report = Report(request.name, request.kind, request.dry_run)
    layout = request.mapping.layout(table.header, request.kind)
    report.unread = layout.unread
    reader = Reader(table, layout, Directory(request.create, at), at)
    if request.kind == "leads":
        LeadFile(
            reader, report, request.source, keep=request.keep, historic=request.historic, progress=progress
        ).run()
    elif request.kind == "touches":
        TouchFile(reader, report).run()
    else:
        EventFile(reader, report).run()
    if request.dry_run:
        transaction.set_rollback(True)
    return report


def _one_at_a_time() -> None:
    """Two imports at once would wait for each other's leads in turn; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import', 0))")


def _check_size(table: Table, most: int | None) -> None:
    if most is not None:
        for count, _ in enumerate(table.rows(), start=1):
            if count > most:
                raise UnreadableError(f"The file has more than {most:,} rows. Split it.")
