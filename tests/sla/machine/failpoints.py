"""Places where the database itself fails: the statement is refused, or the connection dies in its midst.

Nothing of the product is patched. Triggers look into a table of one row, which says where to fail and how.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg2
from django.db import DatabaseError, InterfaceError, connection

PLACES = (
    "leads_lead", "leads_leadevent", "leads_handoff", "leads_assignment", "leads_qualification", "leads_attempt",
    "leads_deal", "sla_clock", "sla_clockevent", "sla_breach", "common_outbox",
)  # fmt: skip
WAYS = ("refuse", "kill")
INSTALL = """
CREATE TABLE test_failpoint (place text NOT NULL, how text NOT NULL);
GRANT SELECT ON test_failpoint TO PUBLIC;
CREATE FUNCTION test_fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM test_failpoint WHERE place = TG_TABLE_NAME AND how = 'kill') THEN
        PERFORM pg_terminate_backend(pg_backend_pid());
        PERFORM pg_sleep(5);
    ELSIF EXISTS (SELECT 1 FROM test_failpoint WHERE place = TG_TABLE_NAME) THEN
        RAISE EXCEPTION 'failpoint in %', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER test_fail AFTER INSERT OR UPDATE ON {place} FOR EACH STATEMENT EXECUTE FUNCTION test_fail();
"""
REMOVE = "DROP FUNCTION test_fail() CASCADE; DROP TABLE test_failpoint;"


def install() -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSTALL + "".join(TRIGGER.format(place=place) for place in PLACES))


def remove() -> None:
    with connection.cursor() as cursor:
        cursor.execute(REMOVE)


def dies(work: Callable[[], object], place: str, how: str) -> bool:
    """Do it with this failpoint set; answers whether it was met. Then a new connection is there."""
    _set("INSERT INTO test_failpoint VALUES (%s, %s)", [place, how])
    try:
        work()
    except (DatabaseError, InterfaceError, psycopg2.Error):
        return True
    finally:
        connection.close()
        _set("DELETE FROM test_failpoint")
    return False


def _set(statement: str, values: list[str] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
