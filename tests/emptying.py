"""Pytest plugin: the tables a test has filled are emptied, in a tenth of the time Django's `flush` takes.

Django truncates all tables, which makes a new file for each and for each of its indexes, and then creates
permissions and content types anew. Here rows are deleted past triggers and foreign keys, and those two are kept.
"""

from __future__ import annotations

from collections.abc import Generator
from unittest.mock import patch

import psycopg2
import pytest
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

from tests.plugin import RUNNING

KEPT = {"django_content_type", "auth_permission"}  # what `migrate` wrote and no test changes
BLOATED = 1_000_000  # bytes: deleted rows stay in the files, so a large table is truncated after all
LARGEST = "SELECT max(pg_relation_size(relid)) FROM pg_stat_user_tables"
PATIENCE = 120  # seconds
END_OTHERS = """
    SELECT application_name, state, query, pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND pid <> %s AND xact_start IS NOT NULL
"""


@pytest.fixture(autouse=True, scope="session")
def quick_flush() -> Generator[None, None, None]:
    let_the_owner_pass()
    wait_for_no_lock_for_good()
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda test: empty_tables()):
        yield


def let_the_owner_pass() -> None:
    """By triggers and foreign keys: a right that only the server's superuser grants."""
    as_superuser("GRANT SET ON PARAMETER session_replication_role TO baton_owner")


def wait_for_no_lock_for_good() -> None:
    """It would hang the whole run. Processes that a test starts have the limits of the product."""
    connection.settings_dict["OPTIONS"]["options"] += f" -c lock_timeout={PATIENCE}s"


def empty_tables() -> None:
    """Wait for writers of other processes, as truncating does: what they still write must not outlive the test.

    One that never ends its transaction fails the test that left it, and no other.
    """
    try:
        delete_all()
    except OperationalError:
        left = end_others()
        delete_all()
        pytest.fail(f"Transactions still open {PATIENCE} s after the test: {left}")


def delete_all() -> None:
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    names = [connection.ops.quote_name(table) for table in sorted(tables)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LARGEST)
        if cursor.fetchone()[0] > BLOATED:
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            return
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in names))


def end_others() -> list[tuple[object, ...]]:
    """What the others were at, whose transactions are undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    return as_superuser(END_OTHERS, [connection.settings_dict["NAME"], own])


def as_superuser(statement: str, values: list[object] | None = None) -> list[tuple[object, ...]]:
    server = psycopg2.connect(RUNNING[0].places.database_url("postgres", "postgres"))
    try:
        with server, server.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()
