"""The API for people: the schema as sections, calls and fields, ready for a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
PREFIX = "/api/v1/"
REFUSED = "400"  # and above; all are told alike


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a call takes or answers."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one path."""

    method: str
    path: str
    anchor: str
    text: str
    scope: str | None
    parameters: Sequence[Field]
    body: Sequence[Field]
    answers: Sequence[tuple[str, str, Sequence[Field]]]
    refusals: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Section:
    """The calls below one first word of a path."""

    name: str
    calls: Sequence[Call]


def sections(schema: Mapping[str, Any]) -> list[Section]:
    """Every call of an OpenAPI document, in the order of its paths."""
    calls = [
        _call(schema, path, method, described[method])
        for path, described in sorted(schema["paths"].items())
        for method in METHODS
        if method in described
    ]
    grouped = groupby(calls, key=lambda call: call.path.removeprefix(PREFIX).split("/")[0])
    return [Section(name, list(members)) for name, members in grouped]


def _call(schema: Mapping[str, Any], path: str, method: str, described: Mapping[str, Any]) -> Call:
    responses = described.get("responses", {})
    return Call(
        method=method.upper(),
        path=path,
        anchor=described["operationId"],
        text=described.get("description", "").strip(),
        scope=described.get("x-scope"),
        parameters=[_parameter(schema, each) for each in described.get("parameters", [])],
        body=_fields(schema, _content(described.get("requestBody", {}))),
        answers=[
            (status, _phrase(status, answer), _fields(schema, _content(answer)))
            for status, answer in responses.items()
            if status < REFUSED
        ],
        refusals=[(status, _phrase(status, each)) for status, each in responses.items() if status >= REFUSED],
    )


def _phrase(status: str, answer: Mapping[str, Any]) -> str:
    known = HTTPStatus(int(status)).phrase if status.isdigit() else ""
    return answer.get("description") or known


def _content(described: Mapping[str, Any]) -> Mapping[str, Any]:
    contents = list(described.get("content", {}).values())
    found: Mapping[str, Any] = contents[0].get("schema", {}) if contents else {}
    return found


def _parameter(schema: Mapping[str, Any], described: Mapping[str, Any]) -> Field:
    kind = _kind(schema, described.get("schema", {}))
    return Field(described["name"], kind, described.get("required", False), described.get("description", ""))


def _fields(schema: Mapping[str, Any], kind: Mapping[str, Any]) -> list[Field]:
    """The fields of an object, or of the objects in a list or a page of results."""
    known = _resolved(schema, kind)
    results = known.get("properties", {}).get("results")
    if results or known.get("type") == "array":
        return _fields(schema, (results or known)["items"])
    required = known.get("required", [])
    return [
        Field(name, _kind(schema, each), name in required, each.get("description", ""))
        for name, each in known.get("properties", {}).items()
    ]


def _resolved(schema: Mapping[str, Any], kind: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follows a reference, also the single one in `allOf` by which the schema adds a description."""
    candidates = [kind, *kind.get("allOf", [])]
    name = next((each["$ref"] for each in candidates if "$ref" in each), None)
    if name is None:
        return kind
    found: Mapping[str, Any] = schema["components"]["schemas"][name.rpartition("/")[2]]
    return found


def _kind(schema: Mapping[str, Any], kind: Mapping[str, Any]) -> str:
    known = _resolved(schema, kind)
    if known.get("enum"):
        return " | ".join(str(value) for value in known["enum"] if value not in ("", None))
    if known.get("type") == "array":
        return f"list of {_kind(schema, known.get('items', {}))}"
    alternatives = " or ".join(_alternatives(schema, known))
    return str(known.get("format") or known.get("type") or alternatives or "any")


def _alternatives(schema: Mapping[str, Any], kind: Mapping[str, Any]) -> Iterator[str]:
    for each in (*kind.get("oneOf", []), *kind.get("anyOf", [])):
        word = _kind(schema, each)
        if word not in ("any", "null"):
            yield word
