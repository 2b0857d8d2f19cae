"""Criteria as one SQL condition that says of every row what `judge` says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import DateTimeField, F, IntegerField, Q, TextField, Value, lookups
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from definitions.catalogue import Catalogue
from definitions.catalogue import catalogue as registered
from definitions.engine.criteria import AllOf, AnyOf, Criterion, Not, TouchCount, Tree
from definitions.engine.facts import Known, WrongTypeError, kind_of
from definitions.engine.operators import compared, span_of_days

Column = F | Combinable
Lookup: TypeAlias = "lookups.Lookup[Any]"


class NotBoundError(ValueError):
    """A fact that SQL cannot read."""


class NotEqual(lookups.Exact):
    """`<>`, which Django writes only as the negation of an equation."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"<> {rhs}"


class NotIn(lookups.In):
    """`NOT IN`, for the same reason."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"NOT {super().get_rhs_op(connection, rhs)}"


_LOOKUPS: dict[str, Callable[[Column, Any], Lookup]] = {
    "eq": lookups.Exact,
    "ne": NotEqual,
    "lt": lookups.LessThan,
    "lte": lookups.LessThanOrEqual,
    "gt": lookups.GreaterThan,
    "gte": lookups.GreaterThanOrEqual,
    "between": lookups.Range,
    "in": lookups.In,
    "not_in": NotIn,
    "contains": lookups.Contains,
    "starts_with": lookups.StartsWith,
}


def compile_criteria(tree: Tree, at: datetime, catalogue: Catalogue = registered) -> Q:
    """A condition on rows of the tested model. It is true or false, never NULL, so it may be negated too."""
    if isinstance(tree, AllOf | AnyOf):
        connector = Q.AND if isinstance(tree, AllOf) else Q.OR
        parts = [compile_criteria(part, at, catalogue) for part in tree.parts]
        return Q(*parts, _connector=connector) if parts else _constant(connector == Q.AND)
    if isinstance(tree, Not):
        return ~compile_criteria(tree.part, at, catalogue)
    if isinstance(tree, TouchCount):
        return _touch_count(tree, at, catalogue)
    return _criterion(tree, at, *_column(tree, catalogue))


def _column(test: Criterion, catalogue: Catalogue) -> tuple[Column, bool]:
    """What the test reads, and whether it is text."""
    spec = catalogue.lookup(test.fact)
    if spec is None or spec.column is None:
        raise NotBoundError(f"{test.fact} cannot be read from the database")
    kind = kind_of(spec.type)
    if test.op not in spec.operators or test.kind not in (None, kind):
        raise WrongTypeError(f"{test.fact} is a {kind}, which {test.op} {test.value!r} does not fit")
    return spec.column, kind == "text"


def _criterion(test: Criterion, at: datetime, column: Column, is_text: bool) -> Q:
    if test.value == ():  # SQL knows no empty list: nothing is in it, everything that exists is not
        exists = Criterion(test.fact, "exists")
        return _criterion(exists, at, column, is_text) if test.op == "not_in" else _constant(False)
    if isinstance(column, F):
        return _of_plain_column(test, at, column, is_text)
    if is_text:
        column = NullIf(column, Value(""), output_field=TextField())
    if test.op in ("exists", "missing"):
        return Q(lookups.IsNull(column, test.op == "missing"))
    return Q(Coalesce(_asked(test, at, column), Value(False)))  # evaluates an expensive column once


def _of_plain_column(test: Criterion, at: datetime, column: F, is_text: bool) -> Q:
    """Says apart whether there is a value, and so leaves the column's indexes of use."""
    known = Q(lookups.IsNull(column, False))
    if is_text:
        known &= Q(lookups.GreaterThan(column, Value("")))
    if test.op == "exists":
        return known
    return ~known if test.op == "missing" else known & Q(_asked(test, at, column))


def _touch_count(test: TouchCount, at: datetime, catalogue: Catalogue) -> Q:
    if catalogue.touches is None:
        raise NotBoundError("touches cannot be counted in the database")
    if test.op in ("exists", "missing") or test.value == ():
        return _constant(test.op in ("exists", "not_in"))
    window = test.touches
    since = None if window.within_days is None else at - span_of_days(window.within_days)
    count = catalogue.touches.count(window.kind, window.campaign, since, at)
    return Q(_asked(test, at, Coalesce(count, Value(0), output_field=IntegerField())))


def _asked(test: Criterion | TouchCount, at: datetime, column: Column) -> Lookup | Value:
    """The test of a value that is there. Where none is: NULL, or an answer that its caller overrules."""
    operand: Any = compared(test.value)
    if test.op == "within_days":
        return lookups.Range(column, [_literal(at - span_of_days(operand)), _literal(at)])
    if test.op == "older_than_days":
        return lookups.LessThan(column, _literal(at - span_of_days(operand)))
    if not isinstance(operand, tuple):
        return _LOOKUPS[test.op](column, _literal(operand))
    return _LOOKUPS[test.op](column, [_literal(value) for value in operand])


def _literal(value: Known) -> Value:
    return Value(value, output_field=DateTimeField()) if isinstance(value, datetime) else Value(value)


def _constant(answer: bool) -> Q:
    return Q(Value(answer))
