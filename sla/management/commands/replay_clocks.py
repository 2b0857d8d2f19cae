"""`replay_clocks`: rebuilds every clock from the journal and its own log, and says what was different."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sla.services import clocks


class Command(BaseCommand):
    help = "Rebuild all clocks; exit 1 when one that is over is not as its journal says."

    def handle(self, *args: Any, **options: Any) -> None:
        found = clocks.replay()
        self.stdout.write(
            f"{found.clocks} clocks rebuilt, {len(found.mended)} mended, {found.differs} differed"
        )
        for title, keys in (
            ("differ and are over", found.final),
            ("have no event that starts them", found.lost),
        ):
            if keys:
                raise CommandError(f"{len(keys)} clocks {title}: {', '.join(map(str, keys[:20]))}")
