"""`migrate`, one at a time, followed by the rights of the app's database role."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection

from alignment import schema
from alignment.collecting import without_collecting

LOCK = 22866  # any number that no other program locks


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        """A session lock: several containers may start at once, and migrations commit one by one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            with without_collecting():
                super().handle(*args, **options)
            if settings.APP_DATABASE_ROLE:
                schema.grant_rights(settings.APP_DATABASE_ROLE)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
