"""The values of an agreement file: each reader takes what stands there and its path, and refuses by that path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from definitions.engine import literals, shapes
from definitions.engine.shapes import CriteriaError

Json = Any
T = TypeVar("T")
SPAN = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?([mhd])", re.ASCII)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of business time, or a number of working days."""

    time: timedelta | None = None
    days: int | None = None


def text(value: Json, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CriteriaError(path, "words are wanted")
    return value.strip()


def optional(node: Mapping[str, Json], name: str, path: str, read: Callable[[Json, str], T]) -> T | None:
    value = node.get(name)
    return None if value is None else read(value, f"{path}/{name}")


def named(value: Json, path: str, read: Callable[[Json, str], T]) -> dict[str, T]:
    return {name: read(inner, f"{path}/{name}") for name, inner in mapping(value or {}, path).items()}


def mapping(value: Json, path: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise CriteriaError(path, "an object is wanted")
    return value


def one_of(value: Json, path: str, known: list[str]) -> str:
    if value not in known:
        raise CriteriaError(path, f"one of {', '.join(filter(None, known))} is wanted")
    return str(value)


def span(value: Json, path: str) -> Span:
    found = SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None or not float(found[1]):
        raise CriteriaError(path, "a span is written 30m, 4h or 5d, and is above zero")
    if found[2] != "d":
        return Span(time=float(found[1]) * UNITS[found[2]])
    if not found[1].isdigit():
        raise CriteriaError(path, "days are whole")
    return Span(days=int(found[1]))


def whole(value: Json, path: str) -> int:
    if type(value) is not int or not 0 <= value <= 32_767:
        raise CriteriaError(path, "a whole number is wanted")
    return value


def count(value: Json, path: str) -> int:
    if not whole(value, path):
        raise CriteriaError(path, "a number above zero is wanted")
    return int(value)


def percent(value: Json, path: str) -> int:
    if type(value) is not int or not 0 < value < 100:
        raise CriteriaError(path, "a warning lies between 1 and 99 per cent of the target")
    return value


def share(value: Json, path: str) -> Decimal:
    found = Decimal(str(shapes.number(value, path)))
    if not 0 <= found <= 1:
        raise CriteriaError(path, "a goal is a share from 0 to 1, such as 0.9")
    return found


def amount(value: Json, path: str) -> Decimal:
    found = Decimal(str(shapes.number(value, path)))
    if found <= 0:
        raise CriteriaError(path, "an amount above zero is wanted")
    return found


def yes_or_no(value: Json, path: str) -> bool:
    if not isinstance(value, bool):
        raise CriteriaError(path, "true or false is wanted")
    return value


def moment(value: Json, path: str) -> datetime:
    found = shapes.at(path, literals.read, "date", value)
    assert isinstance(found, datetime)  # noqa: S101 - what `literals` makes of a date
    return found.astimezone(UTC)


def day(value: Json, path: str) -> date:
    return moment(value, path).date()
