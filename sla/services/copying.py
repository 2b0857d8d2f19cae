"""Writing new clocks, lines of their log and misses by COPY: history brings them by the hundred thousand."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO

from django.db import connection

from sla.engine.clock import marked
from sla.engine.entry import Entry

NOTHING = r"\N"
BLANK = "{}"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_Cell = Callable[[Entry], str]


def insert_clocks(entries: Sequence[Entry]) -> None:
    """New rows in one statement; their keys are drawn ahead and noted in the entries."""
    if not entries:
        return
    for entry, key in zip(entries, _keys(len(entries)), strict=True):
        entry.pk = key
    _copy("sla_clock", list(_COLUMNS), (_cells(entry) for entry in entries))


def insert_lines(entries: Iterable[Entry]) -> None:
    """The new lines of the clocks' own logs, in the order in which they were noted."""
    columns = ["clock_id", "kind", "at", "recorded_at", "event_id", "data"]
    rows = (
        (
            str(entry.key),
            line.kind,
            _moment(line.at),
            _moment(line.recorded_at),
            _key(line.event),
            _json(line.data),
        )
        for entry in entries
        for line in entry.lines
    )
    _copy("sla_clockevent", columns, rows)


def insert_misses(entries: Iterable[Entry]) -> None:
    """One breach a missed clock; its cause is proposed afterwards."""
    columns = [
        "public_id", "clock_id", "at", "detected_at", "team_id", "person_id", "historic", "cause", "by_recalculation",
        "rung_at",
    ]  # fmt: skip
    rows = (
        (
            str(uuid.uuid4()), str(entry.key), _moment(miss.at), _moment(miss.detected_at), _key(miss.place.team),
            _key(miss.place.person), str(miss.historic), "", str(miss.by_recalculation),
            _moment(None if miss.quiet else miss.at),
        )
        for entry in entries
        if (miss := entry.miss)
    )  # fmt: skip
    _copy("sla_breach", columns, rows)


def _cells(entry: Entry) -> Iterable[str]:
    entry.state = marked(entry.state)
    return (write(entry) for write in _COLUMNS.values())


_COLUMNS: dict[str, _Cell] = {
    "id": lambda entry: str(entry.key),
    "public_id": lambda entry: str(uuid.uuid4()),
    "lead_id": lambda entry: str(entry.lead),
    "handoff_id": lambda entry: _key(entry.handoff),
    "qualification_id": lambda entry: _key(entry.qualification),
    "kind": lambda entry: entry.kind.value,
    "round": lambda entry: str(entry.round),
    "status": lambda entry: entry.state.status.value,
    "commitment_id": lambda entry: str(entry.choice.commitment),
    "calendar_version_id": lambda entry: _key(entry.choice.hours.version),
    "team_id": lambda entry: _key(entry.place.team),
    "person_id": lambda entry: _key(entry.place.person),
    "target": lambda entry: span_text(entry.state.target),
    "started_at": lambda entry: _moment(entry.state.started_at),
    "running_since": lambda entry: _moment(entry.state.running_since),
    "consumed": lambda entry: span_text(entry.state.consumed),
    "due_at": lambda entry: _moment(entry.state.due_at),
    "warn_at": lambda entry: _moment(entry.state.warn_at),
    "warned": lambda entry: str(entry.state.warned),
    "risk_at": lambda entry: _moment(entry.state.risk_at),
    "marks": lambda entry: "{" + ",".join(map(_moment, entry.state.marks)) + "}",
    "holds": lambda entry: "{" + ",".join(entry.state.holds) + "}",
    "needed": lambda entry: str(entry.state.needed),
    "progress": lambda entry: str(entry.state.progress),
    "satisfied_at": lambda entry: _moment(entry.state.satisfied_at),
    "ended_at": lambda entry: _moment(entry.state.ended_at),
    "met_by_booking": lambda entry: str(entry.state.by_booking),
    "counted": lambda entry: str(entry.choice.counted),
    "applied": lambda entry: str(entry.applied),
    "parked_reason": lambda entry: "",
}


def _keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('sla_clock', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [key for (key,) in cursor.fetchall()]


def _copy(table: str, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    text = StringIO()
    for row in rows:
        text.write("\t".join(row))
        text.write("\n")
    text.seek(0)
    # Django knows nothing of COPY: without this a deadlock would not be one of its errors, and not be tried again.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", text)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else NOTHING


def _key(key: int | None) -> str:
    return NOTHING if key is None else str(key)


def span_text(span: timedelta) -> str:
    return f"{span.days} days {span.seconds}.{span.microseconds:06} seconds"


def _json(value: object) -> str:
    return json.dumps(value).translate(_ESCAPES) if value else BLANK
