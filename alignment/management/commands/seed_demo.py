"""`seed_demo`: write the demo company Northwater Systems into an empty database."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alignment.demo import seeding
from common.refusals import Conflict


class Command(BaseCommand):
    help = "Write the demo company into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            seeding.seed()
        except Conflict as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"Wrote the demo company in {time.monotonic() - began:.1f} s.")
