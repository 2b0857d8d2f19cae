"""Quantiles and intervals, exact where the definition is exact."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

Z95 = 1.959963984540054


def quantile(values: Sequence[float], n: int, numerator: int, denominator: int) -> float | None:
    """The `numerator / denominator` quantile of `n` ordered values by linear interpolation.

    `values` are the known ones, ascending; the other `n - len(values)` are unknown but longer than any
    of them, and a quantile that touches one of those is None.
    """
    if n == 0:
        return None
    place, rest = divmod(numerator * (n - 1), denominator)
    last = place + (1 if rest else 0)
    if last >= len(values):
        return None
    low = values[place]
    return low + (values[last] - low) * rest / denominator if rest else low


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """The 95 % interval of a rate (Wilson's score); None where nothing was measured."""
    if n == 0:
        return None
    rate, square = hits / n, Z95 * Z95
    middle = (rate + square / (2 * n)) / (1 + square / n)
    reach = Z95 * sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
