"""How the columns of one file become fields: the mapping file, header names, and the cells of a row by field."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from intake.cells import Dates
from intake.encodings import UnreadableError
from intake.reading import Row
from leads.engine.identity import clean, normal_form

FIELDS = {
    "leads": (
        "external_id", "email", "first_name", "last_name", "title", "phone", "company", "company_domain",
        "industry", "employees", "country", "source", "campaign", "owner", "created_at",
    ),
    "touches": ("external_id", "lead_external_id", "email", "kind", "at", "campaign", "detail"),
    "events": (
        "lead_external_id", "event", "at", "actor", "team", "reason", "amount", "note", "currency", "deal",
        "deal_kind", "product",
    ),
}  # fmt: skip
# Of each group the file must have one column, else no row of it can be imported.
NEEDED = {
    "leads": (("external_id", "email"),),
    "touches": (("lead_external_id", "email"), ("kind",), ("at",)),
    "events": (("lead_external_id",), ("event",), ("at",)),
}
TYPES = ("text", "number", "date", "boolean", "choice")
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says; without one, headers are field names and dates are ISO 8601 in UTC."""

    columns: Map[str, str] = field(default_factory=dict)
    constants: Map[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    types: Map[str, str] = field(default_factory=dict)
    dates: Dates = field(default_factory=Dates)

    @classmethod
    def from_dict(cls, said: Any) -> Mapping:
        """Raises UnreadableError for anything that a mapping cannot say."""
        keys = {"columns", "constants", "ignore", "empty", "types", "date_format", "time_zone"}
        if not isinstance(said, dict) or not keys.issuperset(said):
            raise UnreadableError(f"A mapping is an object with the keys {', '.join(sorted(keys))}.")
        return cls(
            columns=_names(said, "columns"),
            constants=_constants(said),
            ignore=frozenset(normal_form(name) for name in _list(said, "ignore")),
            empty=frozenset(_list(said, "empty")),
            types=_types(said),
            dates=Dates(_text(said, "date_format"), _zone(_text(said, "time_zone"))),
        )

    def layout(self, header: tuple[str, ...], kind: str) -> Layout:
        """Where each field of this kind of file stands. Raises UnreadableError for headers that contradict."""
        places: dict[str, int] = {}
        unread: list[str] = []
        for index, name in enumerate(header):
            target = self.columns.get(normal_form(name), normal_form(name))
            if normal_form(name) in self.ignore:
                continue
            if target in places:
                raise UnreadableError(f"Two columns are called “{header[places[target]]}” and “{name}”.")
            if not target or len(target) > MAX_NAME:
                raise UnreadableError(f"The column “{name}” needs a name of letters or digits.")
            if kind == "leads" or target in FIELDS[kind]:
                places[target] = index
            else:
                unread.append(name)
        layout = Layout(header, kind, places, self, tuple(unread))
        layout.check()
        return layout


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of fields in one file."""

    header: tuple[str, ...]
    kind: str
    places: Map[str, int]
    mapping: Mapping
    unread: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """Custom attributes: every column that is no field."""
        named = (*self.places, *self.mapping.constants)
        return tuple(dict.fromkeys(name for name in named if name not in FIELDS[self.kind]))

    def check(self) -> None:
        told = {*self.places, *self.mapping.constants}
        for group in NEEDED[self.kind]:
            if told.isdisjoint(group):
                raise UnreadableError(f"The file needs a column {' or '.join(group)}.")

    def cells(self, row: Row) -> dict[str, str]:
        """The values of a row by field: cleaned, without the empty ones."""
        empty = self.mapping.empty
        found = {name: clean(row.cells[index]) for name, index in self.places.items()}
        values = {name: text for name, text in found.items() if text and text not in empty}
        return {**self.mapping.constants, **values} if self.mapping.constants else values

    def column(self, name: str) -> str:
        """What the file itself calls a field."""
        index = self.places.get(name)
        return name if index is None else self.header[index]

    def label(self, name: str) -> str:
        return self.column(name)[:120]


def _names(said: Map[str, Any], key: str) -> dict[str, str]:
    return {normal_form(name): normal_form(target) for name, target in _texts(said, key).items()}


def _constants(said: Map[str, Any]) -> dict[str, str]:
    """Cleaned like cells; an empty one says nothing."""
    told = {normal_form(name): clean(value) for name, value in _texts(said, "constants").items()}
    if unnamed := [name for name in told if not name or len(name) > MAX_NAME]:
        raise UnreadableError(
            f"In a mapping, the constant “{unnamed[0][:40]}” needs a name of letters or digits."
        )
    return {name: value for name, value in told.items() if value}


def _texts(said: Map[str, Any], key: str) -> dict[str, str]:
    found = said.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise UnreadableError(f"In a mapping, “{key}” is an object of names and texts.")
    return found


def _list(said: Map[str, Any], key: str) -> list[str]:
    found = said.get(key, [])
    if not isinstance(found, list) or not all(isinstance(value, str) for value in found):
        raise UnreadableError(f"In a mapping, “{key}” is a list of texts.")
    return found


def _text(said: Map[str, Any], key: str) -> str:
    found = said.get(key, "")
    if not isinstance(found, str):
        raise UnreadableError(f"In a mapping, “{key}” is a text.")
    return found


def _types(said: Map[str, Any]) -> dict[str, str]:
    types = _names(said, "types")
    if unknown := sorted({*types.values()} - {*TYPES}):
        raise UnreadableError(f"There is no type “{unknown[0]}”; there are {', '.join(TYPES)}.")
    return types


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnreadableError(f"There is no time zone “{name}”.") from error
