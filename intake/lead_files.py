"""Importing files of leads: a few thousand rows at a time, rows that speak of one lead together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from common.refusals import Invalid
from intake.attributes import AttributeBook
from intake.mapping import FIELDS
from intake.report import Report
from intake.rows import Cells, Reader
from intake.rows import RowProblemError as Refused
from leads.batch import leads
from leads.batch.drafts import LeadDraft
from leads.engine import profile
from leads.engine.identity import name_key

CHUNK = 2_000
Progress = Callable[[int], None]


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
            for fact in ("industry", "employees"):
                if fact in cells:
                    self.last[fact, company] = line

    def is_alone(self, cells: Cells) -> bool:
        return self.often.isdisjoint(_names(cells))

    def speaks_for(self, line: int, cells: Cells) -> frozenset[str]:
        company = _company(cells)
        return frozenset(fact for fact in ("industry", "employees") if self.last.get((fact, company)) == line)


@dataclass
class LeadFile:
    """One file of leads on its way in."""

    reader: Reader
    report: Report
    source: str = "import"
    keep: bool = False
    historic: bool = True
    progress: Progress = lambda done: None

    def run(self) -> None:
        """Read twice: the first time to learn the types of attributes and which rows belong together."""
        survey, self._book = Survey(), AttributeBook(self.reader.layout)
        for row, cells in self.reader.rows():
            survey.look(row.line, cells)
            self._book.see(cells)
        self._book.settle()
        waiting: list[tuple[LeadDraft, Cells]] = []
        together: list[tuple[LeadDraft, Cells]] = []
        for row, cells in self.reader.rows(self.report):
            try:
                draft = self._draft(row.line, cells, survey)
            except Refused as refused:
                self.report.refuse(row.line, refused.problem)
                continue
            (waiting if survey.is_alone(cells) else together).append((draft, _shown(cells)))
            if len(waiting) == CHUNK:
                self._write(waiting)
                waiting = []
        self._write(waiting)
        self._write(together)

    def _write(self, read: list[tuple[LeadDraft, Cells]]) -> None:
        drafts = [draft for draft, _ in read]
        results = leads.upsert(drafts, source=self.source, keep=self.keep, historic=self.historic)
        for draft, cells in read:
            self.report.add(draft.line, results[draft.line], cells, self.reader.layout)
        self.progress(self.report.read)

    def _draft(self, line: int, cells: Cells, survey: Survey) -> LeadDraft:
        reader = self.reader
        fields: dict[str, object] = {name: cells[name] for name in FIELDS["leads"] if name in cells}
        if created_at := reader.past(cells, "created_at"):
            fields["created_at"] = created_at
        if not ("external_id" in cells or "email" in cells):
            raise reader.problem(
                cells, "external_id", "This row has neither an id in the other system nor an e-mail."
            )
        told = self._profile(fields, cells)
        attributes, misfit = self._book.read(cells)
        if misfit:
            raise reader.problem(cells, *misfit)
        return LeadDraft(
            line=line,
            told=told,
            campaign=reader.optional(cells, "campaign", reader.directory.campaign),
            owner=reader.optional(cells, "owner", reader.directory.person),
            attributes=attributes,
            speaks_for=survey.speaks_for(line, cells),
        )

    def _profile(self, fields: dict[str, object], cells: Cells) -> profile.Profile:
        try:
            return profile.read(fields, self.reader.at)
        except Invalid as invalid:
            name = next(name for name in FIELDS["leads"] if name in invalid.errors)
            raise self.reader.problem(cells, name, invalid.errors[name]) from invalid


def _names(cells: Cells) -> list[str]:
    """What identifies the lead of a row; the e-mail as it stands, for a first look."""
    named = [f"id {cells['external_id']}"] if "external_id" in cells else []
    return [*named, f"mail {cells['email'].lower()}"] if "email" in cells else named


def _company(cells: Cells) -> str:
    return name_key(cells.get("company", "")) or cells.get("company_domain", "").lower()


def _shown(cells: Cells) -> Cells:
    """What a refusal may still have to show."""
    return {name: cells[name] for name in ("external_id", "email") if name in cells}
