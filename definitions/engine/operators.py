"""The operators of criteria: what each applies to, the shape of its operand, and its test."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, NamedTuple

from definitions.engine.facts import FactType, Kind, Known, WrongTypeError, kind_of, kind_of_known
from definitions.engine.text import text_key

Number = int | Decimal
Operand = Known | tuple[Known, ...] | None
Test = Callable[[Any, datetime], bool]
Shape = Literal["none", "one", "pair", "many", "days"]

NOTHING = timedelta(0)
MOST_DAYS = 36_500  # a century; further back, dates run out
_DAY_IN_MICROSECONDS = 86_400_000_000


class Operator(NamedTuple):
    """`test` makes, from the operand, the question asked of a value that is there."""

    kinds: frozenset[Kind]
    shape: Shape
    test: Callable[[Any], Test]


def span_of_days(days: Number) -> timedelta:
    """Days of 24 hours, also fractions of them."""
    microseconds = (Decimal(days) * _DAY_IN_MICROSECONDS).quantize(Decimal(1), ROUND_HALF_UP)
    return timedelta(microseconds=int(microseconds))


def _within_days(days: Number) -> Test:
    span = span_of_days(days)
    return lambda value, at: NOTHING <= at - value <= span


def _older_than_days(days: Number) -> Test:
    span = span_of_days(days)
    return lambda value, at: at - value > span


def _among(values: tuple[Known, ...]) -> Test:
    chosen = frozenset(values)
    return lambda value, at: value in chosen


def _not_among(values: tuple[Known, ...]) -> Test:
    chosen = frozenset(values)
    return lambda value, at: value not in chosen


def _between(ends: tuple[Any, Any]) -> Test:
    low, high = ends
    return lambda value, at: bool(low <= value <= high)


_ANY: frozenset[Kind] = frozenset({"text", "number", "date", "boolean"})
_ORDERED: frozenset[Kind] = frozenset({"number", "date"})
_TEXT: frozenset[Kind] = frozenset({"text"})
_DATE: frozenset[Kind] = frozenset({"date"})

OPERATORS: dict[str, Operator] = {
    "eq": Operator(_ANY, "one", lambda wanted: lambda value, at: value == wanted),
    "ne": Operator(_ANY, "one", lambda wanted: lambda value, at: value != wanted),
    "lt": Operator(_ORDERED, "one", lambda wanted: lambda value, at: value < wanted),
    "lte": Operator(_ORDERED, "one", lambda wanted: lambda value, at: value <= wanted),
    "gt": Operator(_ORDERED, "one", lambda wanted: lambda value, at: value > wanted),
    "gte": Operator(_ORDERED, "one", lambda wanted: lambda value, at: value >= wanted),
    "between": Operator(_ORDERED, "pair", _between),
    "in": Operator(_ANY, "many", _among),
    "not_in": Operator(_ANY, "many", _not_among),
    "contains": Operator(_TEXT, "one", lambda wanted: lambda value, at: wanted in value),
    "starts_with": Operator(_TEXT, "one", lambda wanted: lambda value, at: value.startswith(wanted)),
    "exists": Operator(_ANY, "none", lambda _: lambda value, at: True),
    "missing": Operator(_ANY, "none", lambda _: lambda value, at: False),
    "within_days": Operator(_DATE, "days", _within_days),
    "older_than_days": Operator(_DATE, "days", _older_than_days),
}


def operators_for(fact_type: FactType) -> frozenset[str]:
    kind = kind_of(fact_type)
    return frozenset(name for name, operator in OPERATORS.items() if kind in operator.kinds)


def compared(operand: Operand) -> Operand:
    """The operand as values are compared with it: texts by key."""
    if isinstance(operand, tuple):
        return tuple(text_key(value) if isinstance(value, str) else value for value in operand)
    return text_key(operand) if isinstance(operand, str) else operand


def kind_asked(op: str, operand: Operand) -> Kind | None:
    """What kind of value the test needs; None where any will do. Refuses what cannot be asked."""
    operator = OPERATORS.get(op)
    if operator is None:
        raise WrongTypeError(f"unknown operator {op!r}")
    if operator.shape == "days":
        _check_days(operand)
        return "date"
    values = _operands(operator.shape, operand)
    if any(isinstance(value, datetime) and value.tzinfo is None for value in values):
        raise WrongTypeError("a moment needs a time zone")
    kinds = {kind_of_known(value) for value in values}
    if len(kinds) > 1 or not kinds <= operator.kinds:
        raise WrongTypeError(f"{op} cannot be asked of {' and '.join(sorted(kinds))}")
    return kinds.pop() if kinds else None


def _operands(shape: Shape, operand: Operand) -> tuple[Known, ...]:
    if shape == "none" and operand is None:
        return ()
    if shape == "one" and operand is not None and not isinstance(operand, tuple):
        return (operand,)
    if isinstance(operand, tuple) and (shape == "many" or (shape == "pair" and len(operand) == 2)):
        return operand
    raise WrongTypeError(f"the value does not fit: {operand!r}")


def _check_days(operand: Operand) -> None:
    if isinstance(operand, bool) or not isinstance(operand, int | Decimal) or not 0 <= operand <= MOST_DAYS:
        raise WrongTypeError(f"days are a number from 0 to {MOST_DAYS}")
