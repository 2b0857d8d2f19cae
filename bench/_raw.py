"""What one call sends to PostgreSQL, recorded once and sent again for other rows by nothing but psycopg2."""
# ruff: noqa: PLC0415 - settings are read when Django is imported, so the servers come first

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import psycopg2
from _offers import stride

KEY = re.compile(rb"\b[1-9]\d{7}\b")
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Part = bytes | int | None  # text, a key, a new uuid


@dataclass
class Statement:
    """Its text in parts. `keys` are those it made; a COPY brings its rows beside it."""

    parts: list[Part]
    rows: list[Part] | None = None
    answers: bool = False
    keys: list[int] = field(default_factory=list)


class Recorder(psycopg2.extensions.cursor):
    """A cursor that writes down what it sends and which keys come back."""

    sent: list[Statement] = []

    def execute(self, sql: Any, values: Any = None) -> None:
        super().execute(sql, values)
        self._note(Statement(_parts(self.query), answers=self.description is not None))

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        content = file.read()
        super().copy_expert(sql, StringIO(content), size)
        self._note(Statement(_parts(str(sql).encode()), rows=_parts(content.encode())))

    def _note(self, statement: Statement) -> None:
        self.statement = statement
        self.sent.append(statement)

    def fetchone(self) -> Any:
        return self._seen([super().fetchone()])[0]

    def fetchmany(self, size: int = 1) -> Any:
        return self._seen(super().fetchmany(size))

    def fetchall(self) -> Any:
        return self._seen(super().fetchall())

    def _seen(self, rows: list[Any]) -> list[Any]:
        text = b"".join(part for part in self.statement.parts if isinstance(part, bytes))
        if text.startswith(b"INSERT") or b"nextval" in text:
            self.statement.keys += [row[0] for row in rows if row]
        return rows


def record(call: Callable[[], object]) -> list[Statement]:
    """The statements of one transaction of this call."""
    from django.db import connection

    connection.ensure_connection()
    wrapped, Recorder.sent = connection.connection, []
    wrapped.cursor_factory = Recorder
    try:
        call()
    finally:
        wrapped.cursor_factory = psycopg2.extensions.cursor
    return Recorder.sent


def send_again(connection: Any, statements: list[Statement], further: int) -> None:
    """The same for the offer that lies so many places further, in one transaction."""
    made: dict[int, int] = {}
    with connection, connection.cursor() as cursor:
        for statement in statements:
            text = _joined(statement.parts, made, further)
            if statement.rows is not None:
                cursor.copy_expert(text, StringIO(_joined(statement.rows, made, further).decode()))
                continue
            cursor.execute(text)
            answer = cursor.fetchall() if statement.answers else []
            made.update(zip(statement.keys, (row[0] for row in answer), strict=bool(statement.keys)))


def _joined(parts: list[Part], made: dict[int, int], further: int) -> bytes:
    return b"".join(
        part if isinstance(part, bytes) else _other(part, made, further) if part else _new_uuid()
        for part in parts
    )


def _other(key: int, made: dict[int, int], further: int) -> bytes:
    return b"%d" % (made[key] if key in made else key + stride(key) * further)


def _new_uuid() -> bytes:
    return str(uuid.uuid4()).encode()


def _parts(text: bytes) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for found in re.finditer(UUID.pattern + b"|" + KEY.pattern, text):
        parts += [text[end : found.start()], None if b"-" in found[0] else int(found[0])]
        end = found.end()
    return [*parts, text[end:]]
