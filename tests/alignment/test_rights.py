"""The app's database role owns nothing and cannot change a journal (S33, S35)."""

from collections.abc import Generator
from typing import Any

import psycopg2
import pytest
from django.db import connection

from alignment import schema


@pytest.fixture
def as_app(db: None) -> Generator[Any, None, None]:
    """A cursor of the role that web and workers use."""
    known = connection.settings_dict
    app = psycopg2.connect(host=known["HOST"], dbname=known["NAME"], user="baton")
    with app.cursor() as cursor:
        yield cursor
    app.close()


@pytest.mark.parametrize("table", sorted(schema.append_only_tables()))
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_cannot_change_a_journal(as_app: Any, table: str, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute(statement.format(table))


@pytest.mark.parametrize("table", sorted(schema.append_only_tables()))
def test_the_app_reads_and_appends_to_a_journal(as_app: Any, table: str) -> None:
    as_app.execute(
        "SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT')", [table, table]
    )

    assert as_app.fetchone() == (True, True)


def test_the_app_changes_other_rows(as_app: Any) -> None:
    as_app.execute("SELECT has_table_privilege('accounts_user', 'UPDATE, DELETE')")

    assert as_app.fetchone() == (True,)


def test_what_the_app_changes_is_noted_and_no_table_of_its_own_catches_it(as_app: Any) -> None:
    """I07: a temporary table comes before all others wherever a name is not qualified."""
    as_app.execute("CREATE TEMP TABLE common_change (LIKE public.common_change)")
    as_app.execute(
        "INSERT INTO leads_touchkind (key, label, hand_raise, is_active) VALUES ('x', 'X', true, true)"
    )
    as_app.execute("SELECT table_name, operation, after, actor FROM public.common_change")

    after = {"key": "x", "label": "X", "hand_raise": True, "is_active": True}
    assert as_app.fetchall() == [("leads_touchkind", "insert", after, None)]


def test_the_app_cannot_change_the_schema(as_app: Any) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_app.execute("CREATE TABLE mine ()")


def test_the_app_owns_nothing_and_is_no_superuser(as_app: Any) -> None:
    as_app.execute(
        "SELECT rolsuper, rolcreatedb, (SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid)"
        " FROM pg_roles WHERE rolname = current_user"
    )

    assert as_app.fetchone() == (False, False, 0)
