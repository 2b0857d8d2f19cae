"""Criteria and definition files as JSON: the one exchange form of editor, API and commands."""

from collections.abc import Callable
from typing import TypeVar

from definitions.engine import literals, shapes
from definitions.engine.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Leaf,
    Not,
    TouchCount,
    TouchWindow,
    Tree,
    leaves,
)
from definitions.engine.facts import Kind, Vocabulary, kind_of
from definitions.engine.literals import JsonValue
from definitions.engine.operators import OPERATORS, Operand, operators_for
from definitions.engine.scoring import DefinitionFile, EngagementRule, FitRule, Grade
from definitions.engine.shapes import CriteriaError

__all__ = ["CriteriaError", "dump", "dump_file", "parse", "parse_file"]

MOST_DEPTH = 32
_NODES = frozenset({"all", "any", "not"})
_T = TypeVar("_T")


def parse(tree_json: JsonValue, vocabulary: Vocabulary, path: str = "") -> Tree:
    """Refuses whatever it does not know: nothing that is misspelt may let leads through."""
    return _Reader(vocabulary).tree(tree_json, path)


def parse_file(file_json: JsonValue, vocabulary: Vocabulary) -> DefinitionFile:
    """A whole definition. Scoring and grades may be absent, null or empty."""
    shapes.check_object(file_json, "", required={"criteria"}, optional={"scoring", "grades"})
    scoring = file_json.get("scoring")
    if scoring is None:
        scoring = {}
    shapes.check_object(scoring, "/scoring", required=set(), optional={"fit", "engagement"})
    reader = _Reader(vocabulary)
    return DefinitionFile(
        reader.tree(file_json["criteria"], "/criteria"),
        _each_or_none(scoring.get("fit"), "/scoring/fit", reader.fit_rule),
        _each_or_none(scoring.get("engagement"), "/scoring/engagement", reader.engagement_rule),
        _each_or_none(file_json.get("grades"), "/grades", reader.grade),
    )


def dump(tree: Tree) -> dict[str, JsonValue]:
    """The JSON that `parse` reads as the same tree."""
    if isinstance(tree, AllOf):
        return {"all": [dump(part) for part in tree.parts]}
    if isinstance(tree, AnyOf):
        return {"any": [dump(part) for part in tree.parts]}
    if isinstance(tree, Not):
        return {"not": dump(tree.part)}
    subject = {"fact": tree.fact} if isinstance(tree, Criterion) else {"touches": _dump_window(tree.touches)}
    if tree.value is None:
        return {**subject, "op": tree.op}
    return {**subject, "op": tree.op, "value": _dump_operand(tree.value)}


def dump_file(definition: DefinitionFile) -> dict[str, JsonValue]:
    """The JSON that `parse_file` reads as the same definition."""
    fit = [{"when": dump(rule.when), "points": literals.write(rule.points)} for rule in definition.fit]
    engagement = [_dump_engagement(rule) for rule in definition.engagement]
    return {
        "criteria": dump(definition.criteria),
        "scoring": {"fit": fit, "engagement": engagement},
        "grades": [{"name": grade.name, "when": dump(grade.when)} for grade in definition.grades],
    }


class _Reader:
    """Reads trees and rules in the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def tree(self, node: JsonValue, path: str, depth: int = 0) -> Tree:
        if depth > MOST_DEPTH:
            raise CriteriaError(path, f"criteria nest at most {MOST_DEPTH} deep")
        words = _NODES & node.keys() if isinstance(node, dict) else set()
        if not words:
            return self._leaf(node, path)
        word = min(words)
        shapes.check_object(node, path, required={word})
        below = f"{path}/{word}"
        if word == "not":
            return Not(self.tree(node["not"], below, depth + 1))
        parts = shapes.each(node[word], below, lambda part, place: self.tree(part, place, depth + 1))
        return AllOf(parts) if word == "all" else AnyOf(parts)

    def fit_rule(self, rule: JsonValue, path: str) -> FitRule:
        shapes.check_object(rule, path, required={"when", "points"})
        when = self.tree(rule["when"], f"{path}/when")
        _refuse_facts(when, f"{path}/when", "score.")
        return FitRule(when, shapes.number(rule["points"], f"{path}/points"))

    def engagement_rule(self, rule: JsonValue, path: str) -> EngagementRule:
        shapes.check_object(rule, path, required={"touches", "points"}, optional={"half_life_days", "cap"})
        return EngagementRule(
            _window(rule["touches"], f"{path}/touches"),
            shapes.number(rule["points"], f"{path}/points"),
            _or_none(rule.get("half_life_days"), f"{path}/half_life_days", shapes.half_life),
            _or_none(rule.get("cap"), f"{path}/cap", shapes.size),
        )

    def grade(self, grade: JsonValue, path: str) -> Grade:
        shapes.check_object(grade, path, required={"name", "when"})
        when = self.tree(grade["when"], f"{path}/when")
        _refuse_facts(when, f"{path}/when", "score.grade")
        return Grade(shapes.name(grade["name"], f"{path}/name"), when)

    def _leaf(self, node: JsonValue, path: str) -> Leaf:
        if isinstance(node, dict) and "touches" in node:
            shapes.check_object(node, path, required={"touches", "op"}, optional={"value"})
            window = _window(node["touches"], f"{path}/touches")
            return TouchCount(window, *_test(node, path, "number", operators_for("number")))
        shapes.check_object(node, path, required={"fact", "op"}, optional={"value"})
        name = node["fact"]
        term = self._vocabulary.lookup(name) if isinstance(name, str) else None
        if term is None:
            raise CriteriaError(f"{path}/fact", f"there is no fact {name!r}")
        return Criterion(name, *_test(node, path, kind_of(term.type), term.operators))


def _test(node: JsonValue, path: str, kind: Kind, allowed: frozenset[str]) -> tuple[str, Operand]:
    op = node["op"]
    if not isinstance(op, str) or op not in OPERATORS:
        raise CriteriaError(f"{path}/op", f"there is no operator {op!r}")
    if op not in allowed:
        raise CriteriaError(f"{path}/op", f"{op} cannot be asked of it, only {', '.join(sorted(allowed))}")
    return op, _operand(op, kind, node.get("value"), f"{path}/value")


def _operand(op: str, kind: Kind, value: JsonValue, path: str) -> Operand:
    shape = OPERATORS[op].shape
    if shape == "none":
        if value is not None and value is not True:
            raise CriteriaError(path, f"{op} takes no value")
        return None
    if shape == "days":
        return shapes.days(value, path)
    if shape == "one":
        return shapes.at(path, literals.read, kind, value)
    members = shapes.each(value, path, lambda member, place: shapes.at(place, literals.read, kind, member))
    if shape == "pair" and len(members) != 2:
        raise CriteriaError(path, "two values are wanted, the lower first")
    return members


def _window(window: JsonValue, path: str) -> TouchWindow:
    shapes.check_object(window, path, required=set(), optional={"kind", "campaign", "within_days"})
    return TouchWindow(
        _or_none(window.get("kind"), f"{path}/kind", shapes.names),
        _or_none(window.get("campaign"), f"{path}/campaign", shapes.names),
        _or_none(window.get("within_days"), f"{path}/within_days", shapes.days),
    )


def _or_none(value: JsonValue, path: str, read: Callable[[JsonValue, str], _T]) -> _T | None:
    return None if value is None else read(value, path)


def _each_or_none(items: JsonValue, path: str, read: Callable[[JsonValue, str], _T]) -> tuple[_T, ...]:
    return () if items is None else shapes.each(items, path, read)


def _refuse_facts(tree: Tree, path: str, prefix: str) -> None:
    """A score may not depend on itself."""
    for place, leaf in leaves(tree, path):
        if isinstance(leaf, Criterion) and leaf.fact.startswith(prefix):
            raise CriteriaError(f"{place}/fact", f"{leaf.fact} is not known yet where it is computed")


def _dump_operand(operand: Operand) -> JsonValue:
    if isinstance(operand, tuple):
        return [literals.write(value) for value in operand]
    return None if operand is None else literals.write(operand)


def _dump_window(window: TouchWindow) -> dict[str, JsonValue]:
    return {
        "kind": None if window.kind is None else list(window.kind),
        "campaign": _dump_names(window.campaign),
        "within_days": None if window.within_days is None else literals.write(window.within_days),
    }


def _dump_names(names: tuple[str, ...] | None) -> JsonValue:
    if names is None:
        return None
    return names[0] if len(names) == 1 else list(names)


def _dump_engagement(rule: EngagementRule) -> dict[str, JsonValue]:
    optional = {"half_life_days": rule.half_life_days, "cap": rule.cap}
    return {
        "touches": _dump_window(rule.touches),
        "points": literals.write(rule.points),
        **{name: literals.write(value) for name, value in optional.items() if value is not None},
    }
