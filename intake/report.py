"""What became of a file, row by row; the counts add up to what was read (H05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from intake.mapping import Layout
from intake.reading import Problem
from leads.batch.drafts import Result, State

SHOWN = 200  # of a cell


class Refusal(NamedTuple):
    """One row that was not imported, and why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass
class Report:
    """The account of one import."""

    file: str
    kind: str
    dry_run: bool = False
    counts: dict[State, int] = field(
        default_factory=lambda: {"created": 0, "updated": 0, "unchanged": 0, "refused": 0}
    )
    refusals: list[Refusal] = field(default_factory=list)
    unread: tuple[str, ...] = ()
    leads: list[int] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)

    @property
    def read(self) -> int:
        return sum(self.counts.values())

    def refuse(self, line: int, problem: Problem) -> None:
        self.counts["refused"] += 1
        self.refusals.append(Refusal(line, problem.column, problem.value[:SHOWN], problem.reason))

    def add(self, line: int, result: Result, cells: dict[str, str], layout: Layout) -> None:
        if result.state == "refused":
            value = cells.get(result.field, "")
            self.refuse(line, Problem(layout.column(result.field), value, result.reason))
            return
        self.counts[result.state] += 1
        if result.lead is not None and result.state != "unchanged":
            self._keep([result.lead])

    def portion(self) -> Report:
        """An empty account of a part of the file."""
        return Report(self.file, self.kind, self.dry_run)

    def join(self, part: Report) -> None:
        """Add what became of a part of the file."""
        for state, count in part.counts.items():
            self.counts[state] += count
        self.refusals += part.refusals
        self._keep(part.leads)

    def _keep(self, leads: Iterable[int]) -> None:
        """Each lead once."""
        news = [lead for lead in leads if lead not in self._known]
        self._known.update(news)
        self.leads += news

    def as_dict(self) -> dict[str, Any]:
        """The form of surfaces section 4."""
        return {
            "file": self.file,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "read": self.read,
            **{str(state): count for state, count in self.counts.items()},
            "refusals": [refusal._asdict() for refusal in sorted(self.refusals)],
        }
