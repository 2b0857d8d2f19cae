"""`check_invariants`: counts what must never be; exit 1 when something is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sla.services import invariants


class Command(BaseCommand):
    help = "Check what must be true of clocks, breaches, notices and handoffs at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.broken()
        if broken:
            lines = (f"{count} rows: not true that {sentence}" for sentence, count in broken.items())
            raise CommandError("\n".join(lines))
        self.stdout.write(f"{len(invariants.NEVER)} invariants hold")
