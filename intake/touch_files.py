"""Importing files of touches. History judges nobody: a touch is recorded and nothing follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.report import Report
from intake.rows import Cells, Reader, RowProblemError
from leads.batch import touches
from leads.batch.drafts import TouchDraft
from leads.engine.identity import email_key


@dataclass
class TouchFile:
    """One file of touches on its way in."""

    reader: Reader
    report: Report
    _leads: touches.LeadNames = field(init=False)

    def run(self) -> None:
        rows = self.reader.rows()
        named = [(cells.get("lead_external_id", ""), _mail(cells)) for _, cells in rows]
        self._leads = touches.LeadNames(ids={name for name, _ in named}, mails={mail for _, mail in named})
        read: list[tuple[TouchDraft, Cells]] = []
        for row, cells in self.reader.rows(self.report):
            try:
                read.append((self._draft(row.line, cells), cells))
            except RowProblemError as refused:
                self.report.refuse(row.line, refused.problem)
        results = touches.add([draft for draft, _ in read], at=self.reader.at)
        for draft, cells in read:
            self.report.add(draft.line, results[draft.line], cells, self.reader.layout)

    def _draft(self, line: int, cells: Cells) -> TouchDraft:
        reader = self.reader
        lead = self._lead(cells)
        reader.needed(cells, "kind")
        reader.needed(cells, "at")
        at = reader.past(cells, "at")
        detail, external_id = reader.text(cells, "detail", 500), reader.text(cells, "external_id", 200)
        kind = reader.optional(cells, "kind", reader.directory.kind)
        campaign = reader.optional(cells, "campaign", reader.directory.campaign)
        return TouchDraft(line, lead, kind or 0, at or reader.at, campaign, detail, external_id)

    def _lead(self, cells: Cells) -> int:
        """By external id; if it is unknown or absent, by e-mail."""
        external_id, mail = cells.get("lead_external_id", ""), _mail(cells)
        lead = self._leads.by_id.get(external_id) or self._leads.by_mail.get(mail)
        if lead is None:
            name = "lead_external_id" if external_id else "email"
            reason = "There is no such lead." if external_id or mail else "This row names no lead."
            raise self.reader.problem(cells, name, reason)
        return lead


def _mail(cells: Cells) -> str:
    return email_key(cells["email"]) if "email" in cells else ""
