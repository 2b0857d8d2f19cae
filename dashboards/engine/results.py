"""What a period brought for one promise, and whether that kept it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from dashboards.engine.figures import COUNT_ONLY_BELOW, Rate
from dashboards.engine.verdicts import FEW, KEPT, MISSED, NONE


@dataclass(frozen=True, slots=True)
class Measured:
    """A sum (a count of leads, an amount of money), or a rate gross and net. `young` may still change it."""

    numerator: Decimal = Decimal(0)
    denominator: int | None = None
    net_numerator: int | None = None
    net_denominator: int | None = None
    young: int = 0

    @classmethod
    def of_rate(cls, gross: Rate, net: Rate | None = None, young: int = 0) -> Measured:
        beside = net or gross
        return cls(Decimal(gross.numerator), gross.denominator, beside.numerator, beside.denominator, young)

    @property
    def is_rate(self) -> bool:
        return self.denominator is not None

    @property
    def gross(self) -> Rate:
        return Rate(int(self.numerator), self.denominator or 0)

    @property
    def net(self) -> Rate:
        return Rate(self.net_numerator or 0, self.net_denominator or 0)

    @property
    def value(self) -> float | None:
        """Net: what counts against nobody, or was reversed, decides no promise."""
        return self.net.value if self.is_rate else float(self.numerator)


def judged(found: Measured, promised: Decimal) -> str:
    """A period that is over is kept, missed, too few for a rate, or had nothing to measure."""
    if not found.is_rate:
        return KEPT if found.numerator >= promised else MISSED
    if found.net.value is None:
        return NONE
    if found.net.n < COUNT_ONLY_BELOW:
        return FEW
    kept = found.net.numerator >= promised * found.net.denominator
    return KEPT if kept else MISSED
