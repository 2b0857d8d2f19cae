"""Who owns the schema, who only uses it, and whether it is up to date."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg2 import sql

from alignment import environment
from alignment.embedded.errors import EmbeddedError

EVERYTHING = sql.SQL("""
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
""")
ONLY_APPEND = sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}")


def become_owner() -> None:
    """Before Django starts: connect as the owner of the schema and remember whom to give rights."""
    owner = environment.text("MIGRATION_DATABASE_URL")
    app = environment.text("DATABASE_URL")
    if owner and _role(owner) != _role(app):
        os.environ["APP_DATABASE_ROLE"] = _role(app)
        os.environ["DATABASE_URL"] = owner


def pending() -> bool:
    """Whether the database is empty or older than the code."""
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    finally:
        connection.close()


def bring_up_to_date() -> None:
    """Migrate in a process of its own, as the owner, if there is anything to migrate."""
    if settings.MIGRATE_FIRST and pending():
        done = subprocess.run(
            [sys.executable, str(environment.PROJECT / "manage.py"), "migrate", "--verbosity", "0"],
            check=False,
        )
        if done.returncode != 0:
            raise EmbeddedError("The database could not be migrated; the lines above say why.")


def grant_rights(role: str) -> None:
    """The app's role reads and writes rows, owns nothing, and cannot change what a journal says."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING.format(role=sql.Identifier(role)))
        for table in sorted(tables.intersection(append_only_tables())):
            statement = ONLY_APPEND.format(table=sql.Identifier(table), role=sql.Identifier(role))
            cursor.execute(statement)


def append_only_tables() -> Iterable[str]:
    """The journals: models that say `append_only = True`, and those that the settings name."""
    marked = (model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))
    return {*settings.APPEND_ONLY_TABLES, *marked}


def _role(url: str) -> str:
    return unquote(urlsplit(url).username or "")
