"""`heartbeat`: whether beat, broker and worker are alive, as an exit code for a container engine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone


class Command(BaseCommand):
    help = "Fail unless a task of beat ran in the last seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--within", type=float, default=60.0, metavar="SECONDS")

    def handle(self, *args: Any, within: float, **options: Any) -> None:
        last = cache.get("heartbeat")
        if last is None or timezone.now() - datetime.fromisoformat(last) > timedelta(seconds=within):
            raise CommandError(f"The last heartbeat was {last or 'never'}.")
