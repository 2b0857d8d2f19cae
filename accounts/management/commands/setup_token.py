"""`setup_token`: prints a new one-time token for `/start/`, where the first admin is made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.first_run import setup_token


class Command(BaseCommand):
    help = "Print a new token for the first run. It ends the one printed before."

    def handle(self, *args: Any, **options: Any) -> None:
        token = setup_token()
        if token is None:
            raise CommandError("There is an admin already; the first run is over.")
        self.stdout.write(token)
