"""Rows that seldom change, kept in this process for as long as PostgreSQL holds the very same version of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class Remembered(Generic[Row]):
    """One small statement says which rows are meant, and as of which change; only what is new is read whole.

    Versions are told apart by `xmin` and `ctid`, so a change that was rolled back leaves nothing behind: what it
    wrote is never seen again. The rows are shared by all threads; nobody may change them.
    """

    def __init__(self, model: type[Row], read: Callable[[list[int]], Iterable[Row]]) -> None:
        self._table = model._meta.db_table
        self._read = read
        self._known: dict[int, tuple[str, Row]] = {}

    def where(self, condition: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of which this is true, in the order that it may end with."""
        statement = f"SELECT id, xmin::text || ctid::text FROM {self._table} WHERE {condition}"  # noqa: S608 - ours
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values))
            asked: list[tuple[int, str]] = cursor.fetchall()
        known = self._known
        missing = [key for key, written in asked if known.get(key, ("", None))[0] != written]
        read = {row.pk: row for row in self._read(missing)} if missing else {}
        for key, written in asked:
            if key in read:
                known[key] = (written, read[key])
        return [known[key][1] for key, _ in asked]
