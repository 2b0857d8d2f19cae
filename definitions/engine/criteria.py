"""Criteria: a tree of tests over facts, and the verdict of one lead with a finding per test."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from definitions.engine.facts import Facts, FactValue, Kind, Known, Raw, WrongTypeError, kind_of_known, known
from definitions.engine.operators import OPERATORS, Number, Operand, Test, compared, kind_asked, span_of_days


@dataclass(frozen=True)
class Criterion:
    """One test of one fact. Texts in `value` stand as written, dates are aware moments, lists are tuples."""

    fact: str
    op: str
    value: Operand = None

    def __post_init__(self) -> None:
        kind_asked(self.op, self.value)

    @cached_property
    def kind(self) -> Kind | None:
        return kind_asked(self.op, self.value)

    @cached_property
    def test(self) -> Test:
        return OPERATORS[self.op].test(compared(self.value))


@dataclass(frozen=True)
class TouchWindow:
    """Which touches are meant, up to the moment of judging. None means any."""

    kind: tuple[str, ...] | None = None
    campaign: tuple[str, ...] | None = None
    within_days: Number | None = None

    def moments(self, facts: Facts) -> list[datetime]:
        at = facts.at
        found = [
            moment
            for kind, campaign, moment in facts.touches()
            if moment <= at
            and (self.kind is None or kind in self.kind)
            and (self.campaign is None or campaign in self.campaign)
        ]
        if self.within_days is None:
            return found
        span = span_of_days(self.within_days)
        return [moment for moment in found if at - moment <= span]


@dataclass(frozen=True)
class TouchCount:
    """A test of how many touches there are. A count is never missing."""

    touches: TouchWindow
    op: str
    value: Operand = None

    def __post_init__(self) -> None:
        if kind_asked(self.op, self.value) not in (None, "number"):
            raise WrongTypeError("a count of touches is a number")

    @cached_property
    def test(self) -> Test:
        return OPERATORS[self.op].test(self.value)


@dataclass(frozen=True)
class AllOf:
    """Met when every part is; without parts it is met."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True)
class AnyOf:
    """Met when a part is; without parts it is not."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True)
class Not:
    """Met exactly when its inside is not."""

    part: "Tree"


Leaf = Criterion | TouchCount
Tree = AllOf | AnyOf | Not | Criterion | TouchCount


class Finding(NamedTuple):
    """What one test found. `path` points into the tree's JSON; `negated`: under an odd number of `not`."""

    path: str
    test: Leaf
    met: bool
    negated: bool
    seen: Raw
    seen_at: datetime | None
    source: str | None

    @property
    def helps(self) -> bool:
        """Whether the tree wants what was found here."""
        return self.met is not self.negated


@dataclass(frozen=True)
class Verdict:
    """The answer for one lead, with one finding per test in the order of the tree."""

    met: bool
    findings: tuple[Finding, ...]


_NOTHING_KNOWN = FactValue(None)


def judge(tree: Tree, facts: Facts) -> Verdict:
    """Asks every test, also those that no longer decide, so that each can be explained."""
    findings: list[Finding] = []
    met = _judge(tree, facts, findings, "", False)
    return Verdict(met, tuple(findings))


def holds(tree: Tree, facts: Facts) -> bool:
    """Only the answer of `judge`, without looking further than needed."""
    if isinstance(tree, Criterion):
        value = facts.value(tree.fact)
        return passes(tree, None if value is None else value.value, facts.at)
    if isinstance(tree, AllOf):
        return all(holds(part, facts) for part in tree.parts)
    if isinstance(tree, AnyOf):
        return any(holds(part, facts) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, facts)
    return tree.test(len(tree.touches.moments(facts)), facts.at)


def passes(criterion: Criterion, value: Raw, at: datetime) -> bool:
    """One test of one value. A missing value meets nothing but `missing`."""
    found = known(value)
    if found is None:
        return criterion.op == "missing"
    _refuse_other_kind(criterion, found)
    return criterion.test(found, at)


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every test of the tree with its place, in order."""
    if isinstance(tree, Criterion | TouchCount):
        yield path, tree
    else:
        for step, part in steps(tree):
            yield from leaves(part, path + step)


def steps(tree: AllOf | AnyOf | Not) -> list[tuple[str, Tree]]:
    """The parts of a node, each with its step in a path."""
    if isinstance(tree, Not):
        return [("/not", tree.part)]
    word = "all" if isinstance(tree, AllOf) else "any"
    return [(f"/{word}/{number}", part) for number, part in enumerate(tree.parts)]


def _judge(tree: Tree, facts: Facts, findings: list[Finding], path: str, negated: bool) -> bool:
    if isinstance(tree, Criterion):
        seen = facts.value(tree.fact) or _NOTHING_KNOWN
        met = passes(tree, seen.value, facts.at)
        findings.append(Finding(path, tree, met, negated, seen.value, seen.at, seen.source))
        return met
    if isinstance(tree, TouchCount):
        return _judge_touches(tree, facts, findings, path, negated)
    if isinstance(tree, Not):
        return not _judge(tree.part, facts, findings, path + "/not", not negated)
    answers = [_judge(part, facts, findings, path + step, negated) for step, part in steps(tree)]
    return all(answers) if isinstance(tree, AllOf) else any(answers)


def _judge_touches(tree: TouchCount, facts: Facts, findings: list[Finding], path: str, negated: bool) -> bool:
    moments = tree.touches.moments(facts)
    met = tree.test(len(moments), facts.at)
    findings.append(Finding(path, tree, met, negated, len(moments), max(moments, default=None), None))
    return met


def _refuse_other_kind(criterion: Criterion, found: Known) -> None:
    kind = kind_of_known(found)
    if criterion.kind is not None and kind != criterion.kind:
        raise WrongTypeError(f"{criterion.fact} is a {kind}, the criterion asks for a {criterion.kind}")
