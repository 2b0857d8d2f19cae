"""Criteria as sentences."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from definitions.engine.criteria import AllOf, AnyOf, Criterion, Leaf, Not, TouchCount, TouchWindow, Tree
from definitions.engine.facts import Raw
from definitions.engine.wording import describe, sentence, shown
from tests.definitions.known import vocabulary

VOCABULARY = vocabulary()
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
WEBINAR = TouchWindow(("webinar",), None, 30)


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (Criterion("company.employees", "between", (200, 5000)), "Company has 200 to 5,000 employees"),
        (Criterion("company.employees", "gte", 200), "Company has at least 200 employees"),
        (Criterion("company.employees", "missing"), "Employees is not known"),
        (Criterion("company.revenue", "lt", Decimal("1000.50")), "Revenue is less than 1,000.50"),
        (Criterion("company.revenue", "between", (1, 2)), "Revenue is 1 to 2"),
        (Criterion("company.industry", "eq", "SaaS"), "Industry is SaaS"),
        (Criterion("company.industry", "in", ("SaaS", "Retail", "IT")), "Industry is SaaS, Retail or IT"),
        (Criterion("company.industry", "in", ()), "Industry is any of none"),
        (Criterion("company.industry", "not_in", ("SaaS",)), "Industry is not SaaS"),
        (Criterion("lead.stage", "ne", "Marketing_Qualified"), "Stage is not MQL"),
        (Criterion("lead.title", "contains", "Head"), "Title contains “Head”"),
        (Criterion("lead.title", "exists"), "Title is known"),
        (Criterion("lead.is_customer", "eq", False), "Is a customer: no"),
        (Criterion("lead.is_customer", "ne", False), "Is a customer: yes"),
        (Criterion("lead.is_customer", "in", (True, False)), "Is a customer is yes or no"),
        (Criterion("lead.created_at", "gte", MARCH), "Created is 1 March 2026 or later"),
        (Criterion("lead.created_at", "between", (MARCH, MARCH.replace(hour=9))),
         "Created is from 1 March 2026 to 1 March 2026 09:00 UTC"),
        (Criterion("lead.created_at", "within_days", 30), "Created is in the last 30 days"),
        (Criterion("lead.created_at", "older_than_days", 1), "Created is more than 1 day ago"),
        (Criterion("attributes.gone", "eq", "x"), "attributes.gone is x"),
        (TouchCount(WEBINAR, "gte", 1), "Attended a webinar in the last 30 days (1 or more)"),
        (TouchCount(TouchWindow(), "eq", 0), "Any touch (none)"),
        (TouchCount(TouchWindow(("demo_request", "webinar"), ("spring",)), "lt", 3),
         "Asked for a demo or Attended a webinar from Spring launch (fewer than 3)"),
        (TouchCount(TouchWindow(("fax",)), "in", (1, 2)), "fax (1 or 2)"),
        (TouchCount(TouchWindow(), "not_in", (1, 2)), "Any touch (not 1 or 2)"),
    ],
)  # fmt: skip
def test_a_test_reads_as_a_sentence(test: Leaf, words: str) -> None:
    assert sentence(test, VOCABULARY) == words


TITLE, SAAS = Criterion("lead.title", "exists"), Criterion("company.industry", "eq", "SaaS")


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (
            AllOf((TITLE, AnyOf((SAAS, Not(TITLE))))),
            "Title is known and (Industry is SaaS or not (Title is known))",
        ),
        (AllOf((AnyOf((SAAS,)), TITLE)), "Industry is SaaS and Title is known"),
        (AllOf(()), "always"),
        (AnyOf(()), "never"),
    ],
    ids=["nested", "a group of one", "empty all", "empty any"],
)
def test_a_tree_reads_on_one_line(tree: Tree, words: str) -> None:
    assert describe(tree, VOCABULARY) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        ("", "nothing"),
        ("SaaS", "SaaS"),
        (5000, "5,000"),
        (Decimal("1E+3"), "1,000"),
        (True, "yes"),
        (date(2026, 3, 1), "1 March 2026"),
    ],
)
def test_a_value_is_shown_as_people_read_it(value: Raw, words: str) -> None:
    assert shown(value) == words
