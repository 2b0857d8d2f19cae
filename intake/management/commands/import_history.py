"""`manage.py import_history`: leads, touches or events of another system, from a CSV file."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.refusals import DomainError
from intake.encodings import UnreadableError
from intake.history import KINDS, Request, import_file
from intake.mapping import Mapping
from intake.references import CREATABLE
from intake.report import Report

SHOWN = 20


class Command(BaseCommand):
    """Exit code 0 when the file could be read, also if rows of it were refused; else 1 and a sentence."""

    help = "Import leads, touches or events of another system. Twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=KINDS, required=True)
        parser.add_argument("--mapping", type=Path, help="JSON: columns, constants, ignore, empty, types ...")
        parser.add_argument(
            "--create-missing",
            type=_names,
            default=frozenset(),
            metavar="|".join(CREATABLE),
            help="Comma-separated: what the file may name although it is not known yet.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen; write nothing.")
        parser.add_argument("--report", type=Path, help="Write the whole account as JSON.")

    def handle(self, **options: Any) -> None:
        try:
            request = Request(
                kind=options["kind"],
                name=str(options["file"]),
                mapping=_mapping(options["mapping"]),
                create=options["create_missing"],
                dry_run=options["dry_run"],
            )
            content = options["file"].read_bytes()
            _check_place(options["report"])
            report = import_file(content, request)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self._tell(report)
        self._write(report, options["report"])

    def _write(self, report: Report, place: Path | None) -> None:
        if place is None:
            return
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
        try:
            place.write_text(text + "\n", encoding="utf-8")
        except OSError as error:  # the file was read and imported: no reason to say that it was not
            self.stderr.write(f"The report is not written: {error.filename or place}: {error.strerror}")

    def _tell(self, report: Report) -> None:
        counts = ", ".join(f"{count} {state}" for state, count in report.counts.items())
        would = " (nothing was written)" if report.dry_run else ""
        self.stdout.write(f"{report.read} rows read: {counts}{would}.")
        for refusal in sorted(report.refusals)[:SHOWN]:
            where = f"{refusal.column} “{refusal.value}”: " if refusal.column else ""
            self.stdout.write(f"  line {refusal.line}: {where}{refusal.reason}")
        if len(report.refusals) > SHOWN:
            self.stdout.write(f"  and {len(report.refusals) - SHOWN} more; --report lists all.")
        if report.unread:
            self.stderr.write(f"Columns that {report.kind} do not have: {', '.join(report.unread)}.")


def _check_place(report: Path | None) -> None:
    """Raises OSError before anything is imported, where the account of it could not be written."""
    if report is None:
        return
    is_new = not report.exists()
    with report.open("a", encoding="utf-8"):
        pass
    if is_new:
        report.unlink()


def _names(text: str) -> frozenset[str]:
    names = {name.strip() for name in text.split(",")} - {""}
    if unknown := sorted(names - {*CREATABLE}):
        raise ArgumentTypeError(f"{unknown[0]} cannot be created; these can: {', '.join(CREATABLE)}")
    return frozenset(names)


def _mapping(path: Path | None) -> Mapping:
    if path is None:
        return Mapping()
    try:
        return Mapping.from_dict(json.loads(path.read_text(encoding="utf-8-sig")))
    except ValueError as error:
        raise UnreadableError(f"{path} is not JSON: {error}.") from error
