"""Importing one file: read, mapped, written, and accounted for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import transaction

from common.database.moments import database_now
from intake.encodings import UnreadableError
from intake.event_files import EventFile
from intake.lead_files import LeadFile, Log
from intake.mapping import FIELDS, Mapping
from intake.reading import Table, read
from intake.references import Directory
from intake.report import Report
from intake.rows import Reader
from intake.touch_files import TouchFile
from intake.turns import in_turn

KINDS = tuple(FIELDS)


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
    content: bytes,
    request: Request,
    *,
    progress: Callable[[int], None] = lambda done: None,
    log: Log | None = None,
) -> Report:
    """Import all that can be imported and account for the rest; raises UnreadableError for the file as a whole.

    Leads are written in portions, each in a transaction of its own: killed in the middle, the same import again
    leaves what is written and writes the rest; with a `log` it goes on where it was. Touches and events, whose leads
    are all locked at once, are one transaction.
    """
    table = read(content, encoding=request.encoding)
    _check_size(table, request.most_rows)
    if request.kind == "leads":
        return _import_leads(table, request, progress, log or Log())
    return in_turn(lambda: _import(table, request), undo=request.dry_run)


def _import_leads(table: Table, request: Request, progress: Callable[[int], None], log: Log) -> Report:
    """A trial is one transaction that lets go of the leads after each portion."""
    with transaction.atomic() if request.dry_run else nullcontext():
        reader, report = _begin(table, request)
        LeadFile(
            reader,
            report,
            request.source,
            keep=request.keep,
            historic=request.historic,
            progress=progress,
            log=log,
        ).run()
        if request.dry_run:
            transaction.set_rollback(True)
    return report


def _import(table: Table, request: Request) -> Report:
    reader, report = _begin(table, request)
    (TouchFile if request.kind == "touches" else EventFile)(reader, report).run()
    return report


def _begin(table: Table, request: Request) -> tuple[Reader, Report]:
    at = database_now()
    report = Report(request.name, request.kind, request.dry_run)
    layout = request.mapping.layout(table.header, request.kind)
    report.unread = layout.unread
    return Reader(table, layout, Directory(request.create, at), at), report


def _check_size(table: Table, most: int | None) -> None:
    if most is not None:
        for count, _ in enumerate(table.rows(), start=1):
            if count > most:
                raise UnreadableError(f"The file has more than {most:,} rows. Split it.")
