"""The shapes of JSON that definitions are made of; whatever does not fit is refused with its place."""

from collections.abc import Callable, Set
from typing import Any, TypeVar

from definitions.engine import literals
from definitions.engine.facts import WrongTypeError
from definitions.engine.literals import JsonValue
from definitions.engine.operators import MOST_DAYS, NOTHING, Number, span_of_days

_T = TypeVar("_T")


class CriteriaError(ValueError):
    """Criteria that cannot be read: where (a path such as `/all/0/op`), and why in a sentence."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or '/'}: {reason}")
        self.path = path
        self.reason = reason


def check_object(node: JsonValue, path: str, *, required: Set[str], optional: Set[str] = frozenset()) -> None:
    """An object with these fields and no others."""
    if not isinstance(node, dict):
        raise CriteriaError(path, "an object is wanted")
    for field in sorted(required - node.keys()):
        raise CriteriaError(f"{path}/{field}", "is missing")
    for field in node.keys() - required - optional:
        raise CriteriaError(f"{path}/{field}", "is not a known field here")


def each(items: JsonValue, path: str, read: Callable[[JsonValue, str], _T]) -> tuple[_T, ...]:
    if not isinstance(items, list):
        raise CriteriaError(path, "a list is wanted")
    return tuple(read(item, f"{path}/{number}") for number, item in enumerate(items))


def at(path: str, read: Callable[..., _T], *values: Any) -> _T:
    """What `read` makes of the values; its refusal gets the place."""
    try:
        return read(*values)
    except WrongTypeError as refusal:
        raise CriteriaError(path, str(refusal)) from refusal


def number(value: JsonValue, path: str) -> Number:
    return at(path, literals.number, value)


def days(value: JsonValue, path: str) -> Number:
    found = number(value, path)
    if not 0 <= found <= MOST_DAYS:
        raise CriteriaError(path, f"days are a number from 0 to {MOST_DAYS}")
    return found


def half_life(value: JsonValue, path: str) -> Number:
    found = days(value, path)
    if span_of_days(found) == NOTHING:
        raise CriteriaError(path, "a number above zero is wanted")
    return found


def size(value: JsonValue, path: str) -> Number:
    found = number(value, path)
    if found < 0:
        raise CriteriaError(path, "a number that is not negative is wanted")
    return found


def name(value: JsonValue, path: str) -> str:
    found = at(path, literals.text, value).strip()
    if not found:
        raise CriteriaError(path, "a name is wanted")
    return found


def names(value: JsonValue, path: str) -> tuple[str, ...]:
    """One name or a list of them."""
    found = (name(value, path),) if isinstance(value, str) else each(value, path, name)
    if not found:
        raise CriteriaError(path, "at least one name is wanted, or null for any")
    return found
