"""Judging one lead: the meaning of each operator, of missing values and of the tree."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from definitions.engine.criteria import (
    AllOf,
    AnyOf,
    Criterion,
    Finding,
    Not,
    TouchCount,
    TouchWindow,
    Verdict,
    holds,
    judge,
    leaves,
)
from definitions.engine.facts import FactValue, Raw, Touch, WrongTypeError
from definitions.engine.operators import OPERATORS, Operand
from tests.definitions.known import NOON, Told

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
TOKYO = timezone(timedelta(hours=9))

A_VALUE: dict[str, Operand] = dict.fromkeys(OPERATORS, 5) | {
    "between": (1, 9),
    "in": ("a",),
    "not_in": ("a",),
    "contains": "a",
    "starts_with": "a",
    "exists": None,
    "missing": None,
}


@pytest.mark.parametrize(
    ("op", "operand", "value", "met"),
    [
        pytest.param("eq", "SaaS", " saas ", True, id="text equal by key"),
        pytest.param("eq", "SaaS", "saasy", False, id="text not equal"),
        pytest.param("eq", 200, Decimal("200.0"), True, id="numbers equal whatever their type"),
        pytest.param("eq", Decimal("0.1"), 0.1, True, id="a float means what it shows"),
        pytest.param("eq", True, False, False, id="booleans differ"),
        pytest.param("eq", datetime(2026, 3, 1, tzinfo=UTC), date(2026, 3, 1), True, id="a bare date"),
        pytest.param("ne", "a", "b", True, id="another text"),
        pytest.param("ne", "a", "A", False, id="the same text by key"),
        pytest.param("lt", 5, 5, False, id="lt leaves out its end"),
        pytest.param("lte", 5, 5, True, id="lte includes its end"),
        pytest.param("gt", 5, 5, False, id="gt leaves out its end"),
        pytest.param("gte", 5, 5, True, id="gte includes its end"),
        pytest.param("between", (1, 5), 1, True, id="between includes the lower end"),
        pytest.param("between", (1, 5), 5, True, id="between includes the upper end"),
        pytest.param("between", (1, 5), Decimal("5.01"), False, id="beyond between"),
        pytest.param("between", (5, 1), 3, False, id="between back to front"),
        pytest.param("lt", NOON, (NOON - MICROSECOND).astimezone(TOKYO), True, id="moments of any zone"),
        pytest.param("in", ("SaaS", "Retail"), "RETAIL", True, id="in by key"),
        pytest.param("in", (), "retail", False, id="in nothing"),
        pytest.param("in", (1, 2), 3, False, id="not in"),
        pytest.param("not_in", ("SaaS",), "retail", True, id="not_in"),
        pytest.param("not_in", (), "retail", True, id="not_in nothing"),
        pytest.param("contains", "Head", "Deputy HEAD of IT", True, id="contains by key"),
        pytest.param("contains", "100%", "1000", False, id="a percent sign is itself"),
        pytest.param("starts_with", "vp", "VP Sales", True, id="starts with"),
        pytest.param("starts_with", "vp", "SVP Sales", False, id="does not start with"),
        pytest.param("exists", None, 0, True, id="zero exists"),
        pytest.param("exists", None, False, True, id="no exists"),
        pytest.param("missing", None, False, False, id="no is not missing"),
        pytest.param("within_days", 2, NOON, True, id="within: this instant"),
        pytest.param("within_days", 2, NOON - 2 * DAY, True, id="within: exactly N days"),
        pytest.param("within_days", 2, NOON - 2 * DAY - MICROSECOND, False, id="within: a microsecond more"),
        pytest.param("within_days", 2, NOON + MICROSECOND, False, id="within: not the future"),
        pytest.param("within_days", 0, NOON, True, id="within zero days"),
        pytest.param("within_days", Decimal("0.5"), NOON - DAY / 2, True, id="within half a day"),
        pytest.param("within_days", 1, date(2026, 3, 19), False, id="a bare date counts from midnight"),
        pytest.param("older_than_days", 2, NOON - 2 * DAY, False, id="older: exactly N days"),
        pytest.param("older_than_days", 2, NOON - 2 * DAY - MICROSECOND, True, id="older: any more"),
        pytest.param("older_than_days", 2, NOON + DAY, False, id="older: not the future"),
    ],
)
def test_an_operator_means(op: str, operand: Operand, value: Raw, met: bool) -> None:
    tree = Criterion("lead.x", op, operand)

    verdict = judge(tree, Told({"lead.x": value}))

    assert (verdict.met, holds(tree, Told({"lead.x": value}))) == (met, met)


@pytest.mark.parametrize("value", [None, "", " \t"], ids=["nothing", "empty text", "only space"])
@pytest.mark.parametrize("op", OPERATORS)
def test_a_missing_value_meets_missing_alone(op: str, value: Raw) -> None:
    tree = Criterion("lead.x", op, A_VALUE[op])

    assert judge(tree, Told({"lead.x": value})).met is (op == "missing")


@pytest.mark.parametrize("op", OPERATORS)
def test_not_is_met_exactly_when_its_inside_is_not(op: str) -> None:
    tree = Criterion("lead.x", op, A_VALUE[op])

    assert judge(Not(tree), Told()).met is not judge(tree, Told()).met


def test_an_empty_all_is_met_and_an_empty_any_is_not() -> None:
    assert (judge(AllOf(()), Told()).met, judge(AnyOf(()), Told()).met) == (True, False)


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        pytest.param(("gte", 5), "7", id="text for a number"),
        pytest.param(("eq", 1), True, id="yes is not one"),
        pytest.param(("eq", "true"), True, id="yes is not a text"),
        pytest.param(("within_days", 5), "2026-03-19", id="text for a date"),
        pytest.param(("exists", None), datetime(2026, 3, 1), id="a moment without a zone"),  # noqa: DTZ001
    ],
)
def test_a_value_of_the_wrong_type_is_refused(criterion: tuple[str, Operand], value: Raw) -> None:
    with pytest.raises(WrongTypeError):
        judge(Criterion("lead.x", *criterion), Told({"lead.x": value}))


@pytest.mark.parametrize(
    ("op", "operand"),
    [
        pytest.param("like", "a", id="unknown operator"),
        pytest.param("lt", "a", id="ordering of texts"),
        pytest.param("gte", True, id="ordering of booleans"),
        pytest.param("contains", 5, id="part of a number"),
        pytest.param("between", (1, 2, 3), id="three ends"),
        pytest.param("between", (1, NOON), id="ends of two kinds"),
        pytest.param("in", "abc", id="a text for a list"),
        pytest.param("eq", None, id="equal to nothing"),
        pytest.param("eq", 0.5, id="a binary fraction"),
        pytest.param("eq", date(2026, 3, 1), id="a bare date"),
        pytest.param("eq", datetime(2026, 3, 1), id="a moment without a zone"),  # noqa: DTZ001
        pytest.param("exists", True, id="existence of something"),
        pytest.param("within_days", -1, id="negative days"),
        pytest.param("within_days", True, id="days that are a yes"),
    ],
)
def test_a_criterion_that_makes_no_sense_cannot_be_made(op: str, operand: Operand) -> None:
    with pytest.raises(WrongTypeError):
        Criterion("lead.x", op, operand)


TOUCHES = (
    Touch("webinar", "spring", NOON),
    Touch("webinar", None, NOON - 30 * DAY),
    Touch("demo_request", "spring", NOON - 31 * DAY),
    Touch("webinar", "spring", NOON + MICROSECOND),
)


@pytest.mark.parametrize(
    ("window", "count"),
    [
        pytest.param(TouchWindow(), 3, id="any, but never the future"),
        pytest.param(TouchWindow(kind=("webinar",)), 2, id="of a kind"),
        pytest.param(TouchWindow(kind=("webinar", "demo_request")), 3, id="of two kinds"),
        pytest.param(TouchWindow(campaign=("spring",)), 2, id="from a campaign"),
        pytest.param(TouchWindow(within_days=30), 2, id="the window includes its edge"),
        pytest.param(TouchWindow(("demo_request",), ("spring",), 30), 0, id="none"),
    ],
)
def test_touches_are_counted(window: TouchWindow, count: int) -> None:
    verdict = judge(TouchCount(window, "eq", count), Told(touched=TOUCHES))

    assert (verdict.met, verdict.findings[0].seen) == (True, count)


@pytest.mark.parametrize(("op", "met"), [("exists", True), ("missing", False)])
def test_a_count_of_touches_is_never_missing(op: str, met: bool) -> None:
    assert judge(TouchCount(TouchWindow(), op), Told()).met is met


def test_a_count_of_touches_is_compared_with_numbers_alone() -> None:
    with pytest.raises(WrongTypeError):
        TouchCount(TouchWindow(), "eq", "1")


def test_every_test_leaves_a_finding_even_when_it_no_longer_decides() -> None:
    small = Criterion("company.employees", "gte", 200)
    customer = Criterion("lead.is_customer", "eq", True)
    webinar = TouchCount(TouchWindow(kind=("webinar",)), "gte", 1)
    facts = Told(
        {"company.employees": FactValue(40, NOON - DAY, "import"), "lead.is_customer": False}, touched=TOUCHES
    )

    verdict = judge(AllOf((small, Not(customer), AnyOf((webinar,)))), facts)

    assert verdict == Verdict(
        False,
        (
            Finding("/all/0", small, False, False, 40, NOON - DAY, "import"),
            Finding("/all/1/not", customer, False, True, False, None, None),
            Finding("/all/2/any/0", webinar, True, False, 2, NOON, None),
        ),
    )


def test_a_finding_helps_when_the_tree_wants_what_was_found() -> None:
    customer = Criterion("lead.is_customer", "eq", True)

    verdict = judge(AllOf((customer, Not(customer))), Told({"lead.is_customer": False}))

    assert [finding.helps for finding in verdict.findings] == [False, True]


def test_the_tests_of_a_tree_are_listed_with_their_places() -> None:
    title, count = Criterion("lead.title", "exists"), TouchCount(TouchWindow(), "gte", 1)
    tree = AnyOf((Not(title), AllOf((count,))))

    assert list(leaves(tree, "/criteria")) == [
        ("/criteria/any/0/not", title),
        ("/criteria/any/1/all/0", count),
    ]
