"""`sweep_clocks`: publishes what is due as the workers do: ends of pauses, misses, warnings, steps after a miss."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from leads.services import pauses
from sla.services import clocks

NO_HURRY = timedelta(hours=1)


class Command(BaseCommand):
    help = "End pauses whose time is over, then publish all misses, warnings and steps after a miss that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = sum(iter(pauses.end_due, 0))  # a clock whose pause is over must run on to be missed
        swept = clocks.sweep(NO_HURRY)
        clocks.note_run()
        self.stdout.write(
            f"{swept.breached} breached, {swept.warned} warned, {swept.climbed} escalated, {ended} pauses ended"
        )
