"""Database and engine agree about every row, for every operator, missing values and any tree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from definitions.catalogue import Catalogue
from definitions.compile import NotBoundError, compile_criteria
from definitions.engine.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Not,
    TouchCount,
    TouchWindow,
    Tree,
    holds,
    judge,
)
from definitions.engine.facts import WrongTypeError, kind_of, known
from definitions.engine.operators import OPERATORS, Operand, operators_for
from tests.definitions.known import NOON, Told
from tests.definitions.specimens import MODELS, VALUES, bound_catalogue, make_specimens, specimens

CATALOGUE = bound_catalogue()
TEXTS = st.sampled_from(
    ["saas", "SAAS ", "head of it", "strasse", "emea", "a", "", "100%", "_", "\\", "it's"]
)
NUMBERS = st.sampled_from([0, -1, 200, 199, 7, 10**20, Decimal("-2.5"), Decimal("0.1"), Decimal("12.5")])
MOMENTS = st.sampled_from(
    [
        NOON,
        NOON - timedelta(days=30),
        datetime(2026, 3, 20, tzinfo=UTC),
        datetime(1999, 12, 31, tzinfo=UTC),
        datetime(2026, 2, 18, 1, tzinfo=UTC),
    ]
)
DAYS = st.sampled_from([0, 1, 30, 31, 36_500, Decimal("0.5"), Decimal("30.5")])
OF_KIND = {"text": TEXTS, "number": NUMBERS, "date": MOMENTS, "boolean": st.booleans()}


def operands(op: str, kind: str) -> st.SearchStrategy[Operand]:
    one = OF_KIND[kind]
    return {
        "none": st.none(),
        "one": one,
        "pair": st.tuples(one, one),
        "many": st.lists(one, max_size=3).map(tuple),
        "days": DAYS,
    }[OPERATORS[op].shape]


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    name = draw(st.sampled_from(sorted(VALUES)))
    spec = CATALOGUE.lookup(name)
    op = draw(st.sampled_from(sorted(spec.operators)))
    return Criterion(name, op, draw(operands(op, kind_of(spec.type))))


@st.composite
def touch_counts(draw: st.DrawFn) -> TouchCount:
    kinds = st.lists(st.sampled_from(["webinar", "demo", "fax"]), min_size=1, max_size=2).map(tuple)
    campaigns = st.sampled_from([None, ("spring",), ("spring", "autumn")])
    window = TouchWindow(draw(st.none() | kinds), draw(campaigns), draw(st.none() | DAYS))
    op = draw(st.sampled_from(sorted(operators_for("number"))))
    counts = {"pair": st.tuples(st.just(1), st.just(2)), "many": st.sampled_from([(), (0,), (1, 2)])}
    return TouchCount(window, op, draw(counts.get(OPERATORS[op].shape, operands(op, "number"))))


def nodes(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    groups = st.lists(parts, max_size=3).map(tuple)
    return groups.map(AllOf) | groups.map(AnyOf) | parts.map(Not)


TREES = st.recursive(criteria() | touch_counts(), nodes, max_leaves=8)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[int, Told]]:
    """A table of specimens, rid of again after the module."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        yield make_specimens(120)
        with connection.schema_editor() as editor:
            for model in reversed(MODELS):
                editor.delete_model(model)


def assert_agreement(tree: Tree, world: dict[int, Told]) -> None:
    condition = compile_criteria(tree, NOON, CATALOGUE)
    expected = {pk for pk, facts in world.items() if judge(tree, facts).met}

    assert {pk for pk, facts in world.items() if holds(tree, facts)} == expected
    assert set(specimens().filter(condition).values_list("pk", flat=True)) == expected
    assert set(specimens().exclude(condition).values_list("pk", flat=True)) == world.keys() - expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES)
def test_database_and_engine_agree_on_any_tree(world: dict[int, Told], tree: Tree) -> None:
    assert_agreement(tree, world)


@pytest.mark.parametrize(
    ("fact", "op"),
    [(name, op) for name in sorted(VALUES) for op in sorted(CATALOGUE.lookup(name).operators)],
)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_database_and_engine_agree_on_every_operator(
    world: dict[int, Told], fact: str, op: str, data: st.DataObject
) -> None:
    operand = data.draw(operands(op, kind_of(CATALOGUE.lookup(fact).type)))

    assert_agreement(Criterion(fact, op, operand), world)
    assert_agreement(Not(Criterion(fact, op, operand)), world)


def test_every_value_occurs_among_the_specimens(world: dict[int, Told]) -> None:
    for fact, values in VALUES.items():
        assert {repr(facts.values[fact]) for facts in world.values()} == {repr(value) for value in values}


@pytest.mark.parametrize("fact", sorted(VALUES))
def test_a_condition_is_never_null(world: dict[int, Told], fact: str) -> None:
    value = known(VALUES[fact][-1])
    condition = compile_criteria(Criterion(fact, "in", (value,)), NOON, CATALOGUE)

    answers = specimens().annotate(met=condition).values_list("met", flat=True)

    assert set(answers) == {True, False}


def test_a_condition_leaves_case_to_the_keys(world: dict[int, Told]) -> None:
    tree = AnyOf((Criterion("row.title", "contains", "Head"), Criterion("attributes.region", "eq", "EMEA")))

    statement = str(specimens().filter(compile_criteria(tree, NOON, CATALOGUE)).query)

    assert [word for word in ("LOWER", "UPPER", "ILIKE") if word in statement.upper()] == []


@pytest.mark.parametrize("fact", ["handoff.team", "row.shoe_size"], ids=["engine only", "unknown"])
def test_a_fact_that_sql_cannot_read_is_refused(fact: str) -> None:
    with pytest.raises(NotBoundError):
        compile_criteria(Criterion(fact, "exists"), NOON, CATALOGUE)


def test_touches_that_sql_cannot_count_are_refused() -> None:
    with pytest.raises(NotBoundError):
        compile_criteria(TouchCount(TouchWindow(), "gte", 1), NOON, Catalogue())


@pytest.mark.parametrize(
    "criterion",
    [Criterion("row.title", "eq", 5), Criterion("row.budget", "contains", "5")],
    ids=["number for text", "part of a number"],
)
def test_a_criterion_of_another_type_than_the_column_is_refused(criterion: Criterion) -> None:
    with pytest.raises(WrongTypeError):
        compile_criteria(criterion, NOON, CATALOGUE)
