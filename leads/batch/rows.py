"""Many rows in one statement: primary keys drawn ahead, COPY to insert, one UPDATE to change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model

Row = TypeVar("Row", bound=Model)
_BLOCK = 2_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Keys:
    """Primary keys of one table, drawn in blocks, so that rows can name each other before they are written."""

    def __init__(self, model: type[Model]) -> None:
        self._table = model._meta.db_table
        self._drawn: Iterator[int] = iter(())

    def next(self) -> int:
        key = next(self._drawn, None)
        if key is None:
            self._drawn = iter(self._draw())
            key = next(self._drawn)
        return key

    def _draw(self) -> list[int]:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        with connection.cursor() as cursor:
            cursor.execute(sequence, [self._table, _BLOCK])
            return [key for (key,) in cursor.fetchall()]


def insert(rows: Sequence[Row]) -> None:
    """COPY rows of one model, in their order; those without a key are given one."""
    if not rows:
        return
    model = type(rows[0])
    keys = Keys(model)
    for row in rows:
        if row.pk is None:
            row.pk = keys.next()
    _copy(model._meta.db_table, list(model._meta.concrete_fields), rows)


def update(rows: Sequence[Row], fields: Iterable[str]) -> None:
    """Set these fields of rows that exist, in one statement; each row must stand in `rows` once."""
    if not rows:
        return
    meta, named = type(rows[0])._meta, {"id", *fields}
    written = [field for field in meta.concrete_fields if named.intersection((field.name, field.attname))]
    table, columns = _quoted(meta.db_table), [_quoted(field.column) for field in written]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE draft_rows ON COMMIT DROP AS "  # noqa: S608 - names of our own models
            f"SELECT {', '.join(columns)} FROM {table} WHERE false"
        )
        _copy("draft_rows", written, rows)
        changes = ", ".join(f"{column} = draft_rows.{column}" for column in columns)
        cursor.execute(f"UPDATE {table} SET {changes} FROM draft_rows WHERE {table}.id = draft_rows.id")  # noqa: S608
        cursor.execute("DROP TABLE draft_rows")


def _copy(table: str, fields: Sequence[Field[Any, Any]], rows: Iterable[Model]) -> None:
    readers = [(field.attname, _writer(field)) for field in fields]
    text = StringIO()
    for row in rows:
        text.write("\t".join([write(getattr(row, name)) for name, write in readers]))
        text.write("\n")
    text.seek(0)
    columns = ", ".join(_quoted(field.column) for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:  # COPY is the driver's own method
        cursor.copy_expert(f"COPY {_quoted(table)} ({columns}) FROM STDIN", text)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _writer(field: Field[Any, Any]) -> Callable[[Any], str]:
    if isinstance(field, JSONField):
        return _json
    return _array if isinstance(field, ArrayField) else _text


def _text(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def _json(value: object) -> str:
    return r"\N" if value is None else json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def _array(value: Iterable[str] | None) -> str:
    if value is None:
        return r"\N"
    quoted = ('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in value)
    return ("{" + ",".join(quoted) + "}").translate(_ESCAPES)
