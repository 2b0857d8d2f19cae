"""`load_agreement FILE.json`: sets contract, definitions, reasons and calendars from a file (docs/agreement.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.refusals import Invalid
from sla.services import agreements


class Command(BaseCommand):
    help = "Load an agreement; the same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            loaded = agreements.load(_document(file))
        except Invalid as refusal:
            lines = (f"{path}: {reason}" for path, reason in refusal.errors.items())
            raise CommandError("Nothing was loaded.\n" + "\n".join(lines)) from refusal
        for line in loaded.done:
            self.stdout.write(line)


def _document(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise CommandError(f"{file} is not JSON: {error}") from error
