"""Values of tests: from JSON or typed text to what is compared, and back."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from definitions.engine.facts import FactType, Kind, Known, WrongTypeError, kind_of
from definitions.engine.operators import Number
from definitions.engine.text import text_key

JsonValue = Any
_DIGITS = 18  # before the point and after it; no fact needs more, and every database column holds them
_YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}


def read(kind: Kind, value: JsonValue) -> Known:
    """The value of a test on facts of this kind; WrongTypeError says what it should have been."""
    return _READERS[kind](value)


def read_text(fact_type: FactType, text: str) -> Known:
    """A value typed by a person, as in `--outcome FACT=VALUE`."""
    kind = kind_of(fact_type)
    if kind == "boolean":
        if text_key(text) not in _YES_OR_NO:
            raise WrongTypeError("true, false, yes or no is wanted")
        return _YES_OR_NO[text_key(text)]
    if kind == "number":
        return _typed_number(text)
    return read(kind, text.strip())


def write(value: Known) -> JsonValue:
    """As JSON: whole numbers as integers, midnight UTC as a bare date."""
    if isinstance(value, datetime):
        moment = value.astimezone(UTC)
        bare = moment.timetz().replace(tzinfo=None) == datetime.min.time()
        return moment.date().isoformat() if bare else moment.isoformat().replace("+00:00", "Z")
    return float(value) if isinstance(value, Decimal) else value


def number(value: JsonValue) -> Number:
    """A JSON number. Fractions are read as they are written, not as binary floats."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise WrongTypeError("a number is wanted")
    return _whole_where_possible(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))


def _whole_where_possible(exact: Decimal) -> Number:
    if not exact.is_finite() or exact.adjusted() >= _DIGITS:
        raise WrongTypeError("the number is too large")
    if exact == exact.to_integral_value():
        return int(exact)
    if exact.as_tuple().exponent < -_DIGITS:  # type: ignore[operator]  # finite, so an integer
        raise WrongTypeError("the number has too many digits")
    return exact


def _typed_number(text: str) -> Number:
    try:
        return _whole_where_possible(Decimal(text.strip()))
    except InvalidOperation as error:
        raise WrongTypeError("a number is wanted") from error


def text(value: JsonValue) -> str:
    """Text that a database can hold."""
    if not isinstance(value, str):
        raise WrongTypeError("a text is wanted")
    if "\0" in value or _has_surrogates(value):
        raise WrongTypeError("the text holds a character that cannot be stored")
    return value


def _has_surrogates(value: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in value)


def _moment(value: JsonValue) -> datetime:
    if not isinstance(value, str):
        raise WrongTypeError("a date is wanted, such as 2026-03-31")
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise WrongTypeError("a date is wanted, such as 2026-03-31") from error


def _boolean(value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise WrongTypeError("true or false is wanted")
    return value


_READERS: dict[Kind, Callable[[JsonValue], Known]] = {
    "text": text,
    "number": number,
    "date": _moment,
    "boolean": _boolean,
}
