"""The registry of facts that definitions may name. Whoever owns the rows that are tested registers here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.expressions import Combinable

from definitions.engine.facts import FactType
from definitions.engine.operators import operators_for
from definitions.engine.text import text_key

Labels = Mapping[str, str]
Names = tuple[str, ...]


@dataclass(frozen=True)
class FactSpec:
    """One fact that can be tested.

    `column` reads it on a row of the tested model: for text and choices the stored `text_key`, otherwise
    the value; None where only the engine can answer. `values` are those known so far with their labels; other
    ones may be named too. `phrase` is a better sentence for amounts: "Company has {} employees".
    """

    name: str
    label: str
    type: FactType
    column: F | Combinable | None = None
    values: Callable[[], Labels] | None = None
    phrase: str = ""

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]

    @property
    def operators(self) -> frozenset[str]:
        return operators_for(self.type)


@dataclass(frozen=True)
class FactGroup:
    """Facts that are not known when the program starts, such as `attributes.<name>`."""

    find: Callable[[str], FactSpec | None]
    every: Callable[[], Iterable[FactSpec]]


@dataclass(frozen=True)
class TouchCounts:
    """How SQL counts the touches of a row: those of the kinds and campaigns (None: any) in [since, until]."""

    count: Callable[[Names | None, Names | None, datetime | None, datetime], Combinable]
    kinds: Callable[[], Labels]
    campaigns: Callable[[], Labels]


class Catalogue:
    """What can be tested, what people call it, and how SQL reads it. Serves the engine as its vocabulary."""

    def __init__(self) -> None:
        self._facts: dict[str, FactSpec] = {}
        self._groups: dict[str, FactGroup] = {}
        self.touches: TouchCounts | None = None

    def register(self, *specs: FactSpec) -> None:
        for spec in specs:
            if spec.name in self._facts:
                raise ValueError(f"{spec.name} is registered already")
            self._facts[spec.name] = spec

    def register_group(self, name: str, group: FactGroup) -> None:
        """Every fact whose name begins with `name.` is found by the group."""
        if name in self._groups:
            raise ValueError(f"the facts {name}.* are registered already")
        self._groups[name] = group

    def register_touches(self, touches: TouchCounts) -> None:
        if self.touches is not None:
            raise ValueError("touches are registered already")
        self.touches = touches

    def lookup(self, name: str) -> FactSpec | None:
        group = self._groups.get(name.partition(".")[0])
        return self._facts.get(name) or (group.find(name) if group else None)

    def facts(self) -> list[FactSpec]:
        """All of them, for the editor."""
        return [*self._facts.values(), *(spec for group in self._groups.values() for spec in group.every())]

    def without(self, group: str) -> Catalogue:
        """The same but for one group: a definition of MQL must not ask about the handoff."""
        rest = Catalogue()
        rest._facts = {name: spec for name, spec in self._facts.items() if spec.group != group}
        rest._groups = {name: found for name, found in self._groups.items() if name != group}
        rest.touches = self.touches
        return rest

    def value_label(self, name: str, value: str) -> str:
        spec = self.lookup(name)
        return _label(value, spec.values() if spec and spec.values else {})

    def touch_label(self, kind: str) -> str:
        return _label(kind, self.touches.kinds() if self.touches else {})

    def campaign_label(self, slug: str) -> str:
        return _label(slug, self.touches.campaigns() if self.touches else {})


def _label(value: str, labels: Labels) -> str:
    by_key = {text_key(known): label for known, label in labels.items()}
    return by_key.get(text_key(value), value)


catalogue = Catalogue()
