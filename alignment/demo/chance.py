"""Dice with a fixed seed, in the shapes that the demo needs."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")
SEED = 20_401


class Chance:
    """One stream of dice. The same seed and the same questions give the same answers."""

    def __init__(self, seed: int = SEED) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a story, not a secret

    def yes(self, share: float) -> bool:
        return self.dice.random() < share

    def one_of(self, things: Sequence[Thing]) -> Thing:
        return things[int(self.dice.random() * len(things))]

    def weighed(self, shares: Mapping[Thing, float]) -> Thing:
        """One key, each as likely as its share of the sum."""
        left = self.dice.random() * sum(shares.values())
        for thing, share in shares.items():
            left -= share
            if left < 0:
                return thing
        return thing

    def whole(self, low: int, high: int) -> int:
        """Both ends included."""
        return low + int(self.dice.random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        return low + self.dice.random() * (high - low)

    def lognormal(self, median: float, sigma: float) -> float:
        return math.exp(self.dice.gauss(math.log(median), sigma))

    def geometric(self, mean: float) -> int:
        """1 or more."""
        return 1 + int(math.log(1 - self.dice.random()) / math.log(1 - 1 / mean)) if mean > 1 else 1

    def minutes(self, median: float, sigma: float) -> timedelta:
        return timedelta(minutes=self.lognormal(median, sigma))

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        mixed = list(things)
        self.dice.shuffle(mixed)
        return mixed

    def uuid(self) -> UUID:
        """A public id that is the same at every start."""
        return UUID(int=self.dice.getrandbits(128), version=4)

    def whole_near(self, wanted: float) -> int:
        """A whole number whose mean is `wanted`."""
        base = math.floor(wanted)
        return base + self.yes(wanted - base)
