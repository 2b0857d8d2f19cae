"""Uploading a file, saying what its columns are, and starting it. The worker does the rest (services/work.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import PurePath

from django.db import transaction

from accounts.models import User
from accounts.queries import standing_of
from common.database.moments import database_now
from common.refusals import Conflict, Invalid, NotAllowed
from intake.encodings import UnreadableError
from intake.mapping import Mapping
from intake.models import ImportRun
from intake.reading import Table, read
from leads.models import Campaign

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000
AN_HOUR = 10  # uploads of one person (S20)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided about a file. `targets` has one field a column; `@` makes an attribute, empty drops."""

    targets: Sequence[str]
    encoding: str = ""
    date_format: str = ""
    known: str = ImportRun.Known.FILL
    campaign: Campaign | None = None


def must_import(person: User) -> None:
    if not standing_of(person).is_marketing:
        raise NotAllowed("Only marketing, operations or an admin can import leads.")


@transaction.atomic
def upload(name: str, content: bytes, *, by: User) -> ImportRun:
    """Keep a file as it came. Raises NotAllowed, Invalid (too large, no CSV, too many today)."""
    must_import(by)
    if not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise Invalid({"file": "Choose a CSV file. Excel saves one as “CSV UTF-8”."})
    if len(content) > MAX_BYTES:
        raise Invalid({"file": f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it."})
    recent = ImportRun.objects.filter(by=by, created_at__gt=database_now() - timedelta(hours=1))
    if recent.count() >= AN_HOUR:
        raise Invalid({"file": f"{AN_HOUR} files an hour are the most. Try again later."})
    encoding = _readable(content).encoding
    return ImportRun.objects.create(
        name=PurePath(name).name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        encoding=encoding,
        by=by,
    )


@transaction.atomic
def check(run: ImportRun, choice: Choice, *, by: User) -> ImportRun:
    """Keep what the columns are and try the file without writing. Raises NotAllowed, Conflict, Invalid."""
    must_import(by)
    row = _locked(run)
    if row.status not in (ImportRun.Status.UPLOADED, ImportRun.Status.CHECKED, ImportRun.Status.FAILED):
        raise Conflict("This import is under way or over.", state=row.status)
    table = table_of(row, choice.encoding)
    mapping = _mapping(table, choice)
    try:
        Mapping.from_dict(mapping).layout(table.header, "leads")
    except UnreadableError as error:
        raise Invalid({"": error.message}) from error
    row.mapping, row.encoding, row.known = mapping, choice.encoding or row.encoding, choice.known
    return _set(row, ImportRun.Status.CHECKING)


@transaction.atomic
def start(run: ImportRun, *, by: User) -> ImportRun:
    """Import what was checked. Raises NotAllowed, Conflict (not checked, or started already)."""
    must_import(by)
    row = _locked(run)
    if row.status != ImportRun.Status.CHECKED:
        raise Conflict("Check the file first; an import runs once.", state=row.status)
    return _set(row, ImportRun.Status.RUNNING)


def table_of(run: ImportRun, encoding: str = "") -> Table:
    """The file of a run. Raises UnreadableError where the chosen encoding does not fit."""
    return read(bytes(run.content), encoding=encoding or run.encoding)


def _readable(content: bytes) -> Table:
    try:
        table = read(content)
        count = sum(1 for _ in islice(table.rows(), MAX_ROWS + 1))
    except UnreadableError as error:
        raise Invalid({"file": error.message}) from error
    if count > MAX_ROWS:
        raise Invalid({"file": f"The file has more than {MAX_ROWS:,} rows. Split it."})
    return table


def _mapping(table: Table, choice: Choice) -> dict[str, object]:
    pairs = list(zip(table.header, choice.targets, strict=True))
    constants = {"campaign": choice.campaign.slug} if choice.campaign else {}
    return {
        "columns": {name: target for name, target in pairs if target not in ("", "@")},
        "ignore": [name for name, target in pairs if not target],
        "constants": constants,
        "date_format": choice.date_format,
    }


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def _set(row: ImportRun, status: str) -> ImportRun:
    row.portions.all().delete()
    row.status, row.tries, row.report, row.refusals, row.finished_at = status, 0, {}, [], None
    row.claimed_until = None
    fields = [
        "status", "tries", "report", "refusals", "finished_at", "claimed_until", "mapping", "encoding", "known",
    ]  # fmt: skip
    row.save(update_fields=fields)
    return row
