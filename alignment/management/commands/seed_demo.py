"""`seed_demo`: write the demo company Northwater Systems into an empty database."""

from __future__ import annotations

import gc
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alignment.demo import manifest, seeding
from alignment.entry import on_embedded_database
from common.refusals import Conflict


class Command(BaseCommand):
    help = "Write the demo company into an empty database, which is the embedded one unless DEMO=1 is set."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--manifest",
            action="store_true",
            help="print the figures that the demo must show, and those found",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or on_embedded_database()):
            raise CommandError(
                "The demo is written into the embedded database alone, or where DEMO=1 is set."
            )
        began = time.monotonic()
        try:
            world = seeding.seed()
        except Conflict as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"Wrote the demo company in {time.monotonic() - began:.1f} s.")
        if options["manifest"]:
            for line in manifest.check(world.at):
                mark = "" if line.holds else "  expected " + _number(line.figure.expected)
                self.stdout.write(f"{line.figure.name:42} {_number(line.counted):>12}{mark}")
        gc.freeze()  # the process ends here: nobody needs half a million rows tidied away first


def _number(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")
