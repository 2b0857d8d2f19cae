"""What a metric answers: figures that keep the counts behind them and can be added up.

Nothing measured is None, never zero. Adding the figures of all groups gives the figure of the whole.
"""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from decimal import Decimal
from functools import cached_property
from heapq import merge
from math import fsum
from typing import Any, Protocol, Self

from dashboards.engine.statistics import quantile, wilson

COUNT_ONLY_BELOW = 10
INTERVAL_BELOW = 20

Number = int | float | None


class Figure(Protocol):
    """One answer: its value, how many it rests on, and how it joins with another of its kind."""

    @property
    def value(self) -> Number: ...

    @property
    def n(self) -> int: ...

    def __add__(self, other: Self, /) -> Self: ...

    def as_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its two counts."""

    numerator: int = 0
    denominator: int = 0

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def n(self) -> int:
        return self.denominator

    @property
    def missed(self) -> int:
        return self.denominator - self.numerator

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.numerator, self.denominator)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)

    def as_json(self) -> dict[str, Any]:
        return _json(self.value, self.numerator, self.denominator, self.n)


@dataclass(frozen=True, slots=True)
class Attainment:
    """Promises kept. `excused` ones are among the breached: in gross, out of net."""

    met: int = 0
    breached: int = 0
    excused: int = 0

    @property
    def gross(self) -> Rate:
        return Rate(self.met, self.met + self.breached)

    @property
    def net(self) -> Rate:
        return Rate(self.met, self.met + self.breached - self.excused)

    @property
    def value(self) -> float | None:
        return self.gross.value

    @property
    def n(self) -> int:
        return self.gross.n

    def __add__(self, other: Attainment) -> Attainment:
        return Attainment(self.met + other.met, self.breached + other.breached, self.excused + other.excused)

    def as_json(self) -> dict[str, Any]:
        net = self.net
        beside = {"value": net.value, "numerator": net.numerator, "denominator": net.denominator}
        return self.gross.as_json() | {"net": beside}


@dataclass(frozen=True, slots=True)
class Unrated(Attainment):
    """Counts of clocks alone: where only those that were missed can be in a group, a share of it says nothing."""

    @property
    def value(self) -> None:
        return None

    def as_json(self) -> dict[str, Any]:
        counts = Attainment.as_json(self)
        return counts | {"value": None, "net": counts["net"] | {"value": None}}


@dataclass(frozen=True, slots=True)
class States:
    """Clocks by what has become of them so far; `bad` are missed and not excused."""

    met: int = 0
    bad: int = 0
    exc: int = 0
    track: int = 0
    risk: int = 0
    hold: int = 0

    @property
    def attainment(self) -> Attainment:
        return Attainment(self.met, self.bad + self.exc, self.exc)

    @property
    def open(self) -> int:
        return self.track + self.risk + self.hold

    @property
    def n(self) -> int:
        return self.attainment.n + self.open

    @property
    def value(self) -> float | None:
        return self.attainment.net.value

    def __add__(self, other: States) -> States:
        return States(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def as_json(self) -> dict[str, Any]:
        return self.attainment.as_json() | asdict(self)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were. Zero rows counted are zero: the count itself was measured."""

    n: int = 0

    @property
    def value(self) -> int:
        return self.n

    def __add__(self, other: Count) -> Count:
        return Count(self.n + other.n)

    def as_json(self) -> dict[str, Any]:
        return _json(self.n, self.n, None, self.n)


@dataclass(frozen=True, slots=True)
class Total:
    """Money added up over `n` deals."""

    amount: Decimal = Decimal(0)
    n: int = 0

    @property
    def value(self) -> Number:
        return number(self.amount) if self.n else None

    def __add__(self, other: Total) -> Total:
        return Total(self.amount + other.amount, self.n + other.n)

    def as_json(self) -> dict[str, Any]:
        return _json(self.value, self.value, None, self.n)


@dataclass(frozen=True, slots=True)
class Mean:
    """Money added up and divided by the `n` deals it came from."""

    amount: Decimal = Decimal(0)
    n: int = 0

    @property
    def value(self) -> float | None:
        return float(self.amount / self.n) if self.n else None

    def __add__(self, other: Mean) -> Mean:
        return Mean(self.amount + other.amount, self.n + other.n)

    def as_json(self) -> dict[str, Any]:
        return _json(self.value, number(self.amount) if self.n else None, self.n or None, self.n)


@dataclass(frozen=True)
class Spread:
    """A distribution: ascending `values`, and how many more are longer than any of them.

    `unanswered` None means that the thing has no unanswered ones (an amount, a closed deal).
    """

    values: tuple[float, ...] = ()
    unanswered: int | None = None

    @property
    def n(self) -> int:
        return len(self.values) + (self.unanswered or 0)

    @property
    def answered(self) -> int:
        return len(self.values)

    @property
    def value(self) -> float | None:
        return self.median

    @cached_property
    def median(self) -> float | None:
        return quantile(self.values, self.n, 1, 2)

    @cached_property
    def p90(self) -> float | None:
        return quantile(self.values, self.n, 9, 10)

    @cached_property
    def mean(self) -> float | None:
        return fsum(self.values) / len(self.values) if self.values else None

    @property
    def least(self) -> float | None:
        return self.values[0] if self.values else None

    @property
    def most(self) -> float | None:
        return self.values[-1] if self.values else None

    def __add__(self, other: Spread) -> Spread:
        return Spread(tuple(merge(self.values, other.values)), _both(self.unanswered, other.unanswered))

    def as_json(self) -> dict[str, Any]:
        timed = self.unanswered is not None
        answered, everyone = (self.answered, self.n) if timed else (None, None)
        spread = {
            "median": self.median,
            "p90": self.p90,
            "mean": self.mean,
            "min": self.least,
            "max": self.most,
        }
        return _json(self.median, answered, everyone, self.n) | spread


def number(amount: Decimal) -> int | float:
    """A JSON number: whole where it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _json(value: Number, numerator: Number, denominator: Number, n: int) -> dict[str, Any]:
    return {"value": value, "numerator": numerator, "denominator": denominator, "n": n}


def _both(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)
