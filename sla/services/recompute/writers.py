"""Transactions of others that are open: what one of them wrote is seen once it has ended, however long that takes."""

from __future__ import annotations

from django.db import connection

# Whoever has written or locked a row has a number, and holds a lock on it until its end. So does autovacuum, which has
# no user and writes nobody's rows, for seconds while it waits to give the empty end of a table back.
WRITERS = """
SELECT l.transactionid::text::bigint FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
AND a.datid = (SELECT oid FROM pg_database WHERE datname = current_database())
AND a.usesysid IS NOT NULL
"""


def open_writers() -> list[int]:
    """The numbers of the other transactions of this database that have written or locked a row and go on."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return sorted({number for (number,) in cursor.fetchall()})
