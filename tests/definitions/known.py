"""A small world for the engine's tests: its vocabulary, and facts that are simply told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from definitions.catalogue import Catalogue, FactSpec, TouchCounts
from definitions.engine.facts import FactValue, Raw, Touch

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
KINDS = {"webinar": "Attended a webinar", "demo_request": "Asked for a demo"}
CAMPAIGNS = {"spring": "Spring launch"}


@dataclass(frozen=True)
class Told:
    """The facts of one lead at NOON, unless said otherwise."""

    values: dict[str, Raw | FactValue] = field(default_factory=dict)
    touched: Sequence[Touch] = ()
    at: datetime = NOON

    def value(self, name: str) -> FactValue | None:
        found = self.values.get(name)
        return found if found is None or isinstance(found, FactValue) else FactValue(found)

    def touches(self) -> Sequence[Touch]:
        return self.touched


def vocabulary() -> Catalogue:
    catalogue = Catalogue()
    catalogue.register(
        FactSpec("lead.title", "Title", "text"),
        FactSpec("lead.stage", "Stage", "choice", values=lambda: {"marketing_qualified": "MQL"}),
        FactSpec("lead.created_at", "Created", "date"),
        FactSpec("lead.is_customer", "Is a customer", "boolean"),
        FactSpec("company.employees", "Employees", "number", phrase="Company has {} employees"),
        FactSpec("company.revenue", "Revenue", "number"),
        FactSpec("company.industry", "Industry", "text"),
        FactSpec("score.total", "Score", "number"),
        FactSpec("score.fit", "Fit", "number"),
        FactSpec("score.grade", "Grade", "choice"),
    )
    catalogue.register_touches(TouchCounts(_uncounted, lambda: KINDS, lambda: CAMPAIGNS))
    return catalogue


def _uncounted(*_: object) -> None:
    raise AssertionError("the engine never asks the database")
