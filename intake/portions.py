"""In which portions the rows of a file of leads are written: they follow from the file alone, in every run alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from intake.mapping import Layout
from intake.reading import Row
from intake.rows import Cells
from leads.engine.identity import name_key

Named = tuple[Row, Cells]
FACTS = ("industry", "employees")


@dataclass
class Survey:
    """What a first look over the whole file shows: leads named more than once, and who speaks last of a company."""

    once: set[str] = field(default_factory=set)
    often: set[str] = field(default_factory=set)
    last: dict[tuple[str, str], int] = field(default_factory=dict)

    def look(self, line: int, cells: Cells) -> None:
        for name in _names(cells):
            (self.often if name in self.once else self.once).add(name)
        if company := _company(cells):
            for fact in FACTS:
                if fact in cells:
                    self.last[fact, company] = line

    def is_alone(self, cells: Cells) -> bool:
        return self.often.isdisjoint(_names(cells))

    def speaks_for(self, line: int, cells: Cells) -> frozenset[str]:
        company = _company(cells)
        return frozenset(fact for fact in FACTS if self.last.get((fact, company)) == line)


def portions(rows: Iterable[Row], layout: Layout, survey: Survey, size: int) -> Iterator[list[Named]]:
    """Every row once: those of a lead of their own by `size` as they come, then those that share one, together."""
    portion: list[Named] = []
    shared: list[Named] = []
    for row in rows:
        cells = layout.cells(row) if row.problem is None else {}
        (portion if survey.is_alone(cells) else shared).append((row, cells))
        if len(portion) == size:
            yield portion
            portion = []
    yield portion
    yield from _filled(_groups(shared), size)


def _groups(rows: Sequence[Named]) -> list[list[Named]]:
    """Rows that name one lead, also by way of another row, in the order of the first of each."""
    leader: dict[str, str] = {}

    def led_by(name: str) -> str:
        while (other := leader.setdefault(name, name)) != name:
            leader[name] = name = leader[other]
        return name

    for _, cells in rows:
        first, *others = _names(cells)
        for other in others:
            leader[led_by(other)] = led_by(first)
    groups: dict[str, list[Named]] = defaultdict(list)
    for row, cells in rows:
        groups[led_by(_names(cells)[0])].append((row, cells))
    return list(groups.values())


def _filled(groups: Iterable[list[Named]], size: int) -> Iterator[list[Named]]:
    """Whole groups; only one that is larger by itself makes more than `size`."""
    portion: list[Named] = []
    for group in groups:
        if portion and len(portion) + len(group) > size:
            yield portion
            portion = []
        portion = portion + group
    if portion:
        yield portion


def _names(cells: Cells) -> list[str]:
    """What identifies the lead of a row; the e-mail as it stands, for a first look."""
    named = [f"id {cells['external_id']}"] if "external_id" in cells else []
    return [*named, f"mail {cells['email'].lower()}"] if "email" in cells else named


def _company(cells: Cells) -> str:
    return name_key(cells.get("company", "")) or cells.get("company_domain", "").lower()
