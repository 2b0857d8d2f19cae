"""Scores: points, decay, caps, rounding and grades."""

from datetime import timedelta
from decimal import Decimal

import pytest

from definitions.engine.criteria import Criterion, TouchCount, TouchWindow, judge
from definitions.engine.facts import Touch
from definitions.engine.operators import Number
from definitions.engine.scoring import (
    DefinitionFile,
    EngagementRule,
    FitRule,
    Grade,
    Score,
    score,
    with_score,
)
from tests.definitions.known import NOON, Told

BIG = Criterion("company.employees", "gte", 200)
HOT = Criterion("score.total", "gte", 60)
WARM = Criterion("score.engagement", "gt", 0)
DAY = timedelta(days=1)


def webinars(*days_ago: float) -> Told:
    return Told(touched=[Touch("webinar", None, NOON - DAY * age) for age in days_ago])


def engagement(
    facts: Told, points: Number, half_life: Number | None = None, cap: Number | None = None
) -> str:
    rule = EngagementRule(TouchWindow(("webinar",)), points, half_life, cap)
    return str(score(DefinitionFile(BIG, engagement=(rule,)), facts).engagement)


@pytest.mark.parametrize(
    ("facts", "rule", "points"),
    [
        pytest.param(webinars(), (10, 30), "0.00", id="no touches"),
        pytest.param(webinars(0), (10, 30), "10.00", id="this instant"),
        pytest.param(webinars(30), (10, 30), "5.00", id="one half-life"),
        pytest.param(webinars(0, 30, 60), (10, 30), "17.50", id="sum over touches"),
        pytest.param(webinars(10), (10, 30), "7.94", id="a third of a half-life"),
        pytest.param(webinars(-1), (10, 30), "0.00", id="the future does not count"),
        pytest.param(webinars(0, 400), (10, None), "20.00", id="without a half-life nothing fades"),
        pytest.param(webinars(0, 0, 0), (10, 30, 25), "25.00", id="capped"),
        pytest.param(webinars(0, 0, 0), (-10, 30, 25), "-25.00", id="capped in size"),
        pytest.param(webinars(90), (5, 30), "0.63", id="half is rounded up"),
        pytest.param(webinars(90), (-5, 30), "-0.63", id="half is rounded away from zero"),
        pytest.param(webinars(30), (Decimal("0.01"), 30), "0.01", id="half a cent"),
        pytest.param(webinars(1), (10, Decimal("0.5")), "2.50", id="half a day of half-life"),
        pytest.param(webinars(36_500), (10, Decimal("0.01")), "0.00", id="faded beyond measure"),
    ],
)
def test_engagement_is(facts: Told, rule: tuple[Number, ...], points: str) -> None:
    assert engagement(facts, *rule) == points


def test_each_rule_is_rounded_before_the_sum() -> None:
    third = EngagementRule(TouchWindow(), Decimal("0.004"))
    definition = DefinitionFile(BIG, (FitRule(BIG, Decimal("0.005")),), (third, third))

    found = score(definition, Told({"company.employees": 200}, webinars(0).touched))

    assert found == Score(Decimal("0.01"), Decimal("0.00"), Decimal("0.01"), None)


def test_fit_gives_its_points_only_when_met() -> None:
    definition = DefinitionFile(BIG, (FitRule(BIG, 50), FitRule(Criterion("lead.title", "exists"), -20)))

    assert score(definition, Told({"company.employees": 200})).fit == 50
    assert score(definition, Told({"lead.title": "CEO"})).fit == -20


@pytest.mark.parametrize(
    ("employees", "days_ago", "grade"),
    [(500, (0,), "A"), (500, (), None), (1, (0,), "B")],
    ids=["the first of two that are met", "none", "the second"],
)
def test_the_first_grade_that_is_met_wins(
    employees: int, days_ago: tuple[int, ...], grade: str | None
) -> None:
    definition = DefinitionFile(
        BIG,
        (FitRule(BIG, 50),),
        (EngagementRule(TouchWindow(), 10, 30),),
        (Grade("A", HOT), Grade("B", WARM)),
    )

    facts = Told({"company.employees": employees}, webinars(*days_ago).touched)

    assert score(definition, facts).grade == grade


def test_criteria_may_ask_for_the_score_and_see_it() -> None:
    hot = Criterion("score.grade", "eq", "a")
    definition = DefinitionFile(hot, (FitRule(BIG, 60),), grades=(Grade("A", HOT),))
    facts = Told({"company.employees": 200, "score.grade": "Z"})

    verdict = judge(definition.criteria, with_score(definition, facts))

    assert (verdict.met, verdict.findings[0].seen, verdict.findings[0].source) == (True, "A", "score")


def test_a_definition_without_scoring_reads_the_score_as_a_fact() -> None:
    definition = DefinitionFile(HOT)

    assert judge(HOT, with_score(definition, Told({"score.total": 60}))).met is True


def test_scored_facts_are_the_others_unchanged() -> None:
    definition = DefinitionFile(BIG, (FitRule(BIG, 1),))
    both = TouchCount(TouchWindow(), "eq", 1)

    facts = with_score(definition, Told({"company.employees": 200}, webinars(0).touched))

    assert (judge(BIG, facts).met, judge(both, facts).met) == (True, True)
    assert facts.value("score.shoe_size") is None


def test_a_definition_lists_every_test_it_asks() -> None:
    definition = DefinitionFile(HOT, (FitRule(BIG, 1),), grades=(Grade("A", WARM),))

    assert list(definition.leaves()) == [HOT, BIG, WARM]
