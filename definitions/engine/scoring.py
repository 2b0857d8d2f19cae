"""The score of a lead: what fits, what it did lately, and the grade that follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from math import fsum

from definitions.engine.criteria import Leaf, TouchWindow, Tree, holds, leaves
from definitions.engine.facts import Facts, FactValue
from definitions.engine.operators import Number, span_of_days

_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class FitRule:
    """Points for what a lead is; they do not fade."""

    when: Tree
    points: Number


@dataclass(frozen=True)
class EngagementRule:
    """Points for each touch, halved every `half_life_days`; the sum is limited in size by `cap`."""

    touches: TouchWindow
    points: Number
    half_life_days: Number | None = None
    cap: Number | None = None


@dataclass(frozen=True)
class Grade:
    """A name for a kind of lead. The first grade that is met wins."""

    name: str
    when: Tree


@dataclass(frozen=True)
class DefinitionFile:
    """One wording of a definition: its criteria, and how leads are scored and graded by it."""

    criteria: Tree
    fit: tuple[FitRule, ...] = ()
    engagement: tuple[EngagementRule, ...] = ()
    grades: tuple[Grade, ...] = ()

    @property
    def scores(self) -> bool:
        """Whether `score.*` comes from here; otherwise it is a fact like any other."""
        return bool(self.fit or self.engagement or self.grades)

    def leaves(self) -> Iterator[Leaf]:
        """Every test that the definition asks anywhere."""
        rules: tuple[FitRule | Grade, ...] = (*self.fit, *self.grades)
        for tree in (self.criteria, *(rule.when for rule in rules)):
            for _, leaf in leaves(tree):
                yield leaf


@dataclass(frozen=True)
class Score:
    """What a lead scored at one moment."""

    fit: Decimal
    engagement: Decimal
    total: Decimal
    grade: str | None


class ScoredFacts:
    """The facts of a lead with `score.*` computed by a definition, once and only when asked."""

    def __init__(self, definition: DefinitionFile, facts: Facts) -> None:
        self._definition = definition
        self._facts = facts

    @property
    def at(self) -> datetime:
        return self._facts.at

    def touches(self) -> Sequence[tuple[str, str | None, datetime]]:
        return self._facts.touches()

    def value(self, name: str) -> FactValue | None:
        group, _, part = name.partition(".")
        if group != "score":
            return self._facts.value(name)
        found = self.grade if part == "grade" else self._points.get(part)
        return None if found is None else FactValue(found, self.at, "score")

    @cached_property
    def _points(self) -> dict[str, Decimal]:
        rules, facts = self._definition, self._facts
        fit = sum((_fit_points(rule, facts) for rule in rules.fit), _ZERO)
        engagement = sum((_engagement_points(rule, facts) for rule in rules.engagement), _ZERO)
        return {"fit": fit, "engagement": engagement, "total": fit + engagement}

    @cached_property
    def grade(self) -> str | None:
        return next((grade.name for grade in self._definition.grades if holds(grade.when, self)), None)

    def score(self) -> Score:
        points = self._points
        return Score(points["fit"], points["engagement"], points["total"], self.grade)


def score(definition: DefinitionFile, facts: Facts) -> Score:
    return ScoredFacts(definition, facts).score()


def with_score(definition: DefinitionFile, facts: Facts) -> Facts:
    """The facts to judge the criteria of this definition by."""
    return ScoredFacts(definition, facts) if definition.scores else facts


def _fit_points(rule: FitRule, facts: Facts) -> Decimal:
    return _rounded(Decimal(rule.points)) if holds(rule.when, facts) else _ZERO


def _engagement_points(rule: EngagementRule, facts: Facts) -> Decimal:
    moments = rule.touches.moments(facts)
    points = Decimal(rule.points) * _weight(moments, facts.at, rule.half_life_days)
    if rule.cap is not None:
        points = max(-Decimal(rule.cap), min(Decimal(rule.cap), points))
    return _rounded(points)


def _weight(moments: list[datetime], at: datetime, half_life_days: Number | None) -> Decimal:
    """Floats are exact where a sum can lie on a rounding edge: at ages of whole half-lives."""
    if half_life_days is None:
        return Decimal(len(moments))
    half_life = span_of_days(half_life_days)
    return Decimal(fsum(0.5 ** ((at - moment) / half_life) for moment in moments))


def _rounded(points: Decimal) -> Decimal:
    """Half up, away from zero: -0.005 becomes -0.01."""
    return points.quantize(_CENT, ROUND_HALF_UP)
