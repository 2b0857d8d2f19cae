"""What criteria are asked about: values of facts, touches, and the vocabulary that names them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

from definitions.engine.text import text_key

FactType = Literal["text", "number", "date", "boolean", "choice"]
Kind = Literal["text", "number", "date", "boolean"]
Raw = str | int | float | Decimal | bool | date | None
Known = str | int | Decimal | bool | datetime

_KINDS: dict[type, Kind] = {str: "text", bool: "boolean", int: "number", Decimal: "number", datetime: "date"}


class WrongTypeError(ValueError):
    """A value cannot be compared with what a criterion asks for."""


class FactValue(NamedTuple):
    """What a fact was, since when, and where that came from."""

    value: Raw
    at: datetime | None = None
    source: str | None = None


class Touch(NamedTuple):
    """One recorded marketing interaction: the key of its kind, the slug of its campaign, its moment."""

    kind: str
    campaign: str | None
    at: datetime


class Facts(Protocol):
    """One lead at one moment, as criteria see it."""

    @property
    def at(self) -> datetime:
        """The moment of judging."""

    def value(self, name: str) -> FactValue | None:
        """None where nothing is known."""

    def touches(self) -> Sequence[tuple[str, str | None, datetime]]:
        """In any order; those after `at` are not counted."""


class Term(Protocol):
    """One fact that can be tested. `phrase` is a sentence with `{}` where the value belongs, or empty."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> FactType: ...
    @property
    def operators(self) -> frozenset[str]: ...
    @property
    def phrase(self) -> str: ...


class Vocabulary(Protocol):
    """The facts that may be named, and what people call them."""

    def lookup(self, name: str) -> Term | None: ...
    def value_label(self, name: str, value: str) -> str: ...
    def touch_label(self, kind: str) -> str: ...
    def campaign_label(self, slug: str) -> str: ...


def kind_of(fact_type: FactType) -> Kind:
    """A choice is a text whose values are known; both compare by key."""
    return "text" if fact_type == "choice" else fact_type


def kind_of_known(value: Known) -> Kind:
    kind = _KINDS.get(type(value))
    if kind is None:
        raise WrongTypeError(f"{type(value).__name__} is no type to compare by")
    return kind


def known(value: Raw) -> Known | None:
    """The value as it is compared: text by key, a bare date as midnight UTC. Empty text is missing."""
    kind = type(value)
    if kind is str:
        return text_key(value) or None  # type: ignore[arg-type]
    if value is None or kind in _KINDS:
        return _aware(value) if kind is datetime else value  # type: ignore[arg-type, return-value]
    return _converted(value)


def _converted(value: Raw) -> Known | None:
    """Floats, bare dates, and subclasses such as Django's choices."""
    if isinstance(value, str):
        return text_key(value) or None
    if isinstance(value, datetime):
        return _aware(datetime.fromisoformat(value.isoformat()))
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, int):
        return int(value)
    raise WrongTypeError(f"{type(value).__name__} is no type of fact")


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise WrongTypeError("a moment needs a time zone")
    return value
