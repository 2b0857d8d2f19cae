"""`recompute_clocks`: works off corrected calendars and amendments, as the worker does every few seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from sla.services.recompute import work

NO_HURRY = timedelta(hours=1)


class Command(BaseCommand):
    help = "Recompute all clocks that a corrected calendar or an amendment concerns."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{work.work_off(NO_HURRY)} batches")
