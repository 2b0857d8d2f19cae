"""Values that a person types, and values on their way to JSON."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from definitions.engine import literals
from definitions.engine.facts import FactType, Known, WrongTypeError


@pytest.mark.parametrize(
    ("fact_type", "text", "value"),
    [
        pytest.param("text", " won ", "won", id="text"),
        pytest.param("choice", "A", "A", id="choice"),
        pytest.param("number", "200", 200, id="whole number"),
        pytest.param("number", " 0.10 ", Decimal("0.10"), id="fraction"),
        pytest.param("boolean", "Yes", True, id="yes"),
        pytest.param("boolean", "false", False, id="false"),
        pytest.param("date", "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), id="date"),
    ],
)
def test_typed_text_becomes_a_value_of_the_facts_type(fact_type: FactType, text: str, value: Known) -> None:
    assert literals.read_text(fact_type, text) == value


@pytest.mark.parametrize(
    ("fact_type", "text"),
    [("number", "many"), ("number", "1e400"), ("number", "snan"), ("boolean", "1"), ("date", "tomorrow")],
)
def test_typed_text_of_another_type_is_refused(fact_type: FactType, text: str) -> None:
    with pytest.raises(WrongTypeError):
        literals.read_text(fact_type, text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01", id="midnight is a bare date"),
        pytest.param(datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "2026-03-01T08:30:00Z", id="moment"),
        pytest.param(Decimal("0.1"), 0.1, id="fraction"),
        pytest.param(True, True, id="boolean"),
    ],
)
def test_a_value_is_written_as_json(value: Known, written: object) -> None:
    assert literals.write(value) == written
