"""Watched columns: a trigger of the database notes each change of them in `common_change`, whoever made it (R19)."""

from __future__ import annotations

from django.db import connection
from django.db.migrations import RunSQL


def watched(table: str, *columns: str) -> RunSQL:
    """For a migration: from then on every change of these columns of a table whose primary key is `id` is noted.

    Name no column that holds personal data or a secret: what is noted stays, also after somebody is erased.
    """
    named = ", ".join(f"'{column}'" for column in columns)
    return RunSQL(
        f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION note_change({named})",
        f"DROP TRIGGER note_change ON {table}",
    )


def acting(person: int | None) -> None:
    """What is noted until this transaction ends, this person did: the primary key of one, or None for a program.

    Services call it where they ask whether the person may. Outside a transaction there is nothing that could follow.
    """
    if person is not None and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('baton.actor', %s, true)", [str(person)])
