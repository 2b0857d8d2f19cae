"""Criteria and definition files as JSON: what is read, what is refused and where, and the way back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from definitions.engine.codec import CriteriaError, dump, dump_file, parse, parse_file
from definitions.engine.criteria import AllOf, AnyOf, Criterion, Not, TouchCount, TouchWindow
from definitions.engine.scoring import DefinitionFile, EngagementRule, FitRule, Grade
from tests.definitions.known import vocabulary

VOCABULARY = vocabulary()
BIG = {"fact": "company.employees", "op": "gte", "value": 200}
FILE: dict[str, Any] = {
    "criteria": {"all": [BIG, {"fact": "score.grade", "op": "in", "value": ["A", "B"]}]},
    "scoring": {
        "fit": [{"when": BIG, "points": 50}],
        "engagement": [
            {
                "touches": {"kind": ["webinar"], "campaign": None, "within_days": None},
                "points": 10,
                "half_life_days": 30,
                "cap": 40,
            }
        ],
    },
    "grades": [{"name": "A", "when": {"fact": "score.total", "op": "gte", "value": 62.5}}],
}


@pytest.mark.parametrize(
    ("tree_json", "tree"),
    [
        pytest.param({"all": []}, AllOf(()), id="empty all"),
        pytest.param({"any": [{"not": {"all": []}}]}, AnyOf((Not(AllOf(())),)), id="nested"),
        pytest.param(BIG, Criterion("company.employees", "gte", 200), id="number"),
        pytest.param(
            {"fact": "company.revenue", "op": "between", "value": [0.1, 1e6]},
            Criterion("company.revenue", "between", (Decimal("0.1"), 1_000_000)),
            id="fractions as written, whole numbers whole",
        ),
        pytest.param(
            {"fact": "lead.title", "op": "not_in", "value": ["VP", " Head "]},
            Criterion("lead.title", "not_in", ("VP", " Head ")),
            id="texts as written",
        ),
        pytest.param(
            {"fact": "lead.created_at", "op": "lt", "value": "2026-03-01"},
            Criterion("lead.created_at", "lt", datetime(2026, 3, 1, tzinfo=UTC)),
            id="a bare date is midnight UTC",
        ),
        pytest.param(
            {"fact": "lead.created_at", "op": "lt", "value": "2026-03-01T10:00+02:00"},
            Criterion("lead.created_at", "lt", datetime(2026, 3, 1, 8, tzinfo=UTC)),
            id="a moment with an offset",
        ),
        pytest.param(
            {"fact": "lead.created_at", "op": "within_days", "value": 0.5},
            Criterion("lead.created_at", "within_days", Decimal("0.5")),
            id="days",
        ),
        pytest.param(
            {"fact": "lead.title", "op": "exists"}, Criterion("lead.title", "exists"), id="without a value"
        ),
        pytest.param(
            {"fact": "lead.title", "op": "missing", "value": None},
            Criterion("lead.title", "missing"),
            id="a value of null",
        ),
        pytest.param(
            {
                "touches": {"kind": ["webinar", "demo_request"], "campaign": None, "within_days": 30},
                "op": "gte",
                "value": 1,
            },
            TouchCount(TouchWindow(("webinar", "demo_request"), None, 30), "gte", 1),
            id="touches",
        ),
        pytest.param(
            {"touches": {"kind": "webinar", "campaign": "spring"}, "op": "eq", "value": 0},
            TouchCount(TouchWindow(("webinar",), ("spring",)), "eq", 0),
            id="one kind, one campaign",
        ),
    ],
)
def test_a_tree_is_read_and_written(tree_json: Any, tree: Any) -> None:
    assert parse(tree_json, VOCABULARY) == tree
    assert parse(dump(tree), VOCABULARY) == tree


def ask(fact: str, op: str, value: Any) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


def count(touches: Any, op: str, value: Any) -> dict[str, Any]:
    return {"touches": touches, "op": op, "value": value}


@pytest.mark.parametrize(
    ("tree_json", "path"),
    [
        pytest.param([], "", id="a list"),
        pytest.param(None, "", id="nothing"),
        pytest.param({}, "/fact", id="an empty object"),
        pytest.param({"all": {}}, "/all", id="no list of parts"),
        pytest.param({"all": [], "any": []}, "/any", id="two words at once"),
        pytest.param(
            {"all": [BIG, {"fact": "lead.shoe_size", "op": "exists"}]}, "/all/1/fact", id="unknown fact"
        ),
        pytest.param({"not": {"fact": ["lead.title"], "op": "exists"}}, "/not/fact", id="a list for a fact"),
        pytest.param(ask("lead.title", "like", "x"), "/op", id="unknown operator"),
        pytest.param({"fact": "lead.title", "op": ["eq"], "value": "x"}, "/op", id="a list for an operator"),
        pytest.param(ask("lead.title", "lt", "x"), "/op", id="ordering of texts"),
        pytest.param(ask("lead.is_customer", "gte", True), "/op", id="ordering of booleans"),
        pytest.param(ask("company.employees", "within_days", 3), "/op", id="age of a number"),
        pytest.param(ask("company.employees", "gte", "200"), "/value", id="text for number"),
        pytest.param(ask("company.employees", "gte", True), "/value", id="yes for number"),
        pytest.param({"fact": "company.employees", "op": "gte"}, "/value", id="no value"),
        pytest.param(ask("company.employees", "eq", [1]), "/value", id="list for one"),
        pytest.param(ask("company.employees", "eq", float("nan")), "/value", id="NaN"),
        pytest.param(ask("company.employees", "eq", 10**18), "/value", id="too large"),
        pytest.param(ask("company.employees", "eq", 1e-19), "/value", id="too many digits"),
        pytest.param(ask("company.employees", "in", 1), "/value", id="one for a list"),
        pytest.param(ask("company.employees", "in", [1, "2"]), "/value/1", id="in a list"),
        pytest.param(ask("company.employees", "between", [1]), "/value", id="one end"),
        pytest.param(ask("lead.title", "eq", 5), "/value", id="number for text"),
        pytest.param(ask("lead.title", "eq", "a\0"), "/value", id="a NUL"),
        pytest.param(ask("lead.title", "eq", "\ud800"), "/value", id="half a letter"),
        pytest.param(ask("lead.title", "exists", False), "/value", id="exists: false"),
        pytest.param(ask("lead.is_customer", "eq", "true"), "/value", id="text for boolean"),
        pytest.param(ask("lead.created_at", "lt", "31.03.2026"), "/value", id="not ISO"),
        pytest.param(ask("lead.created_at", "lt", 2026), "/value", id="a year"),
        pytest.param(ask("lead.created_at", "lt", "0001-01-01T00:00+14:00"), "/value", id="before time"),
        pytest.param(ask("lead.created_at", "within_days", -1), "/value", id="negative days"),
        pytest.param(ask("lead.created_at", "within_days", 36_501), "/value", id="over a century"),
        pytest.param({"fact": "lead.title", "op": "exists", "negate": True}, "/negate", id="unknown field"),
        pytest.param({"touches": {}, "fact": "lead.title", "op": "exists"}, "/fact", id="touches and a fact"),
        pytest.param(count(None, "gte", 1), "/touches", id="touches of null"),
        pytest.param(count({"kinds": []}, "gte", 1), "/touches/kinds", id="misspelt kind"),
        pytest.param(count({"kind": []}, "gte", 1), "/touches/kind", id="no kind at all"),
        pytest.param(count({"kind": [1]}, "gte", 1), "/touches/kind/0", id="a kind by number"),
        pytest.param(count({}, "gte", "1"), "/value", id="text for a count"),
        pytest.param(count({}, "contains", "1"), "/op", id="part of a count"),
    ],
)
def test_what_is_not_understood_is_refused_at_its_place(tree_json: Any, path: str) -> None:
    with pytest.raises(CriteriaError) as refusal:
        parse(tree_json, VOCABULARY)

    assert refusal.value.path == path


def test_a_refusal_says_why() -> None:
    with pytest.raises(CriteriaError, match=r"^/fact: there is no fact 'lead\.shoe_size'$"):
        parse({"fact": "lead.shoe_size", "op": "exists"}, VOCABULARY)


def test_bottomless_criteria_are_refused() -> None:
    tree_json: Any = {"all": []}
    for _ in range(5_000):
        tree_json = {"not": tree_json}

    with pytest.raises(CriteriaError, match="at most 32 deep"):
        parse(tree_json, VOCABULARY)


def test_a_definition_file_is_read_whole() -> None:
    big = Criterion("company.employees", "gte", 200)

    assert parse_file(FILE, VOCABULARY) == DefinitionFile(
        AllOf((big, Criterion("score.grade", "in", ("A", "B")))),
        (FitRule(big, 50),),
        (EngagementRule(TouchWindow(("webinar",)), 10, 30, 40),),
        (Grade("A", Criterion("score.total", "gte", Decimal("62.5"))),),
    )


def test_a_definition_file_is_written_as_it_was_read() -> None:
    assert dump_file(parse_file(FILE, VOCABULARY)) == FILE


@pytest.mark.parametrize(
    "file_json",
    [{"criteria": BIG}, {"criteria": BIG, "scoring": None, "grades": None}, {"criteria": BIG, "scoring": {}}],
    ids=["absent", "null", "empty"],
)
def test_scoring_and_grades_are_optional(file_json: Any) -> None:
    assert parse_file(file_json, VOCABULARY) == DefinitionFile(Criterion("company.employees", "gte", 200))


def engagement(**fields: Any) -> dict[str, Any]:
    return {"scoring": {"engagement": [{"touches": {}, "points": 1, **fields}]}}


TOTAL = {"fact": "score.total", "op": "gte", "value": 1}
GRADE = {"fact": "score.grade", "op": "eq", "value": "A"}


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        pytest.param({"criteria": None}, "/criteria", id="criteria of null"),
        pytest.param({"rules": []}, "/rules", id="unknown part"),
        pytest.param({"scoring": []}, "/scoring", id="scoring as a list"),
        pytest.param({"scoring": {"fits": []}}, "/scoring/fits", id="misspelt fit"),
        pytest.param({"scoring": {"fit": {}}}, "/scoring/fit", id="fit as an object"),
        pytest.param({"scoring": {"fit": [{"when": BIG}]}}, "/scoring/fit/0/points", id="fit without points"),
        pytest.param(
            {"scoring": {"fit": [{"when": {"not": TOTAL}, "points": 1}]}},
            "/scoring/fit/0/when/not/fact",
            id="a score that depends on itself",
        ),
        pytest.param(engagement(points="1"), "/scoring/engagement/0/points", id="points as text"),
        pytest.param(engagement(half_life_days=0), "/scoring/engagement/0/half_life_days", id="no half-life"),
        pytest.param(engagement(half_life_days=10**9), "/scoring/engagement/0/half_life_days", id="endless"),
        pytest.param(engagement(cap=-1), "/scoring/engagement/0/cap", id="negative cap"),
        pytest.param(
            engagement(touches={"within_days": "3"}),
            "/scoring/engagement/0/touches/within_days",
            id="days as text",
        ),
        pytest.param({"grades": [{"name": " ", "when": BIG}]}, "/grades/0/name", id="grade without a name"),
        pytest.param(
            {"grades": [{"name": "A", "when": GRADE}]},
            "/grades/0/when/fact",
            id="a grade that depends on itself",
        ),
    ],
)
def test_a_broken_definition_file_is_refused_at_its_place(parts: Any, path: str) -> None:
    with pytest.raises(CriteriaError) as refusal:
        parse_file({"criteria": BIG, **parts}, VOCABULARY)

    assert refusal.value.path == path


def test_a_definition_file_needs_criteria() -> None:
    with pytest.raises(CriteriaError) as refusal:
        parse_file({"scoring": {}}, VOCABULARY)

    assert refusal.value.path == "/criteria"
