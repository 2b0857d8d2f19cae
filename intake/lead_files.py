"""Importing files of leads: some hundred rows at a time, rows that speak of one lead together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from common.refusals import Invalid
from intake.attributes import AttributeBook
from intake.mapping import FIELDS
from intake.portions import Named, Survey, portions
from intake.report import Report
from intake.rows import Cells, Reader
from intake.rows import RowProblemError as Refused
from intake.turns import in_turn
from leads.batch import leads
from leads.batch.drafts import LeadDraft
from leads.engine import profile

PORTION = 1_000  # rows in one transaction: whoever edits one of their leads waits for it
Progress = Callable[[int], None]


class Log:
    """Which portions are written, and what became of their rows. This one knows of none, and keeps nothing."""

    def known(self, number: int, account: Report) -> Report | None:
        """What became of a portion that is written, as this empty account filled; None where it is not written."""
        return None

    def begin(self, number: int) -> None:
        """In the transaction that writes the portion, before anything else of it."""

    def note(self, number: int, account: Report) -> None:
        """In the same transaction: what became of the portion."""


@dataclass
class LeadFile:
    """One file of leads on its way in."""

    reader: Reader
    report: Report
    source: str = "import"
    keep: bool = False
    historic: bool = True
    progress: Progress = lambda done: None
    log: Log = field(default_factory=Log)

    def run(self) -> None:
        """Read twice: the first time to learn the types of attributes and which rows belong together."""
        self._survey, self._book = Survey(), AttributeBook(self.reader.layout)
        for row, cells in self.reader.rows():
            self._survey.look(row.line, cells)
            self._book.see(cells)
        in_turn(self._book.settle)
        rows, layout = self.reader.table.rows(), self.reader.layout
        for number, portion in enumerate(portions(rows, layout, self._survey, PORTION)):
            known = self.log.known(number, self.report.portion())
            self.report.join(known or self._written(number, portion))
            self.progress(self.report.read)

    def _written(self, number: int, portion: Sequence[Named]) -> Report:
        return in_turn(lambda: self._write(number, portion), undo=self.report.dry_run)

    def _write(self, number: int, portion: Sequence[Named]) -> Report:
        self.log.begin(number)
        account = self.report.portion()
        read = self._read(portion, account)
        drafts = [draft for draft, _ in read]
        results = leads.upsert(drafts, source=self.source, keep=self.keep, historic=self.historic)
        for draft, cells in read:
            account.add(draft.line, results[draft.line], cells, self.reader.layout)
        self.log.note(number, account)
        return account

    def _read(self, portion: Sequence[Named], account: Report) -> list[tuple[LeadDraft, Cells]]:
        """The rows that can be imported; the others are refused in the account."""
        reader, read = self.reader.anew(), list[tuple[LeadDraft, Cells]]()
        for row, cells in portion:
            try:
                if row.problem is not None:
                    raise Refused(row.problem)
                read.append((self._draft(reader, row.line, cells), cells))
            except Refused as refused:
                account.refuse(row.line, refused.problem)
        return read

    def _draft(self, reader: Reader, line: int, cells: Cells) -> LeadDraft:
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
            speaks_for=self._survey.speaks_for(line, cells),
        )

    def _profile(self, fields: dict[str, object], cells: Cells) -> profile.Profile:
        try:
            return profile.read(fields, self.reader.at)
        except Invalid as invalid:
            name = next(name for name in FIELDS["leads"] if name in invalid.errors)
            raise self.reader.problem(cells, name, invalid.errors[name]) from invalid
