"""`sweep_clocks`: publishes every miss, warning and step after a miss that is due, as the worker does every second."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from sla.services import clocks

NO_HURRY = timedelta(hours=1)


class Command(BaseCommand):
    help = "Publish all misses, warnings and steps after a miss that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = clocks.sweep(NO_HURRY)
        clocks.note_run()
        self.stdout.write(f"{swept.breached} breached, {swept.warned} warned, {swept.climbed} escalated")
