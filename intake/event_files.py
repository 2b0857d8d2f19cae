"""Importing files of events: what happened to known leads, applied in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

from intake.cells import read_amount, read_currency
from intake.report import Report
from intake.rows import Cells, Reader, RowProblemError
from leads.batch.drafts import EventDraft
from leads.batch.replay import replay
from leads.batch.touches import LeadNames
from leads.engine.history import VERB
from leads.engine.identity import normal_form
from leads.models import Deal, Reason

# The events that have a catalogue of reasons; what others give as one is kept in their note.
REASON_OF = {
    "mql": "mark_mql", "rejected": "reject", "redirected": "redirect", "returned": "return",
    "withdrawn": "withdraw", "sent_back": "send_back", "disqualified": "disqualify", "recycled": "recycle",
    "lost": "lose",
}  # fmt: skip


@dataclass
class EventFile:
    """One file of events on its way in."""

    reader: Reader
    report: Report

    def run(self) -> None:
        ids = {cells.get("lead_external_id", "") for _, cells in self.reader.rows()}
        leads = LeadNames(ids).by_id
        read: list[tuple[EventDraft, Cells]] = []
        for row, cells in self.reader.rows(self.report):
            try:
                read.append((self._draft(row.line, cells, leads), _shown(cells)))
            except RowProblemError as refused:
                self.report.refuse(row.line, refused.problem)
        results = replay([draft for draft, _ in read], at=self.reader.at)
        for draft, cells in read:
            self.report.add(draft.line, results[draft.line], cells, self.reader.layout)

    def _draft(self, line: int, cells: Cells, leads: dict[str, int]) -> EventDraft:
        reader = self.reader
        named = reader.needed(cells, "lead_external_id")
        if named not in leads:
            raise reader.problem(cells, "lead_external_id", "No lead has this id in the other system.")
        word = self._word(cells)
        reader.needed(cells, "at")
        at = reader.past(cells, "at") or reader.at
        amount = reader.optional(cells, "amount", read_amount)
        currency = reader.optional(cells, "currency", read_currency) or ""
        deal_kind = reader.optional(cells, "deal_kind", _deal_kind) or ""
        deal, product = reader.text(cells, "deal", 200), reader.text(cells, "product", 120)
        actor = reader.optional(cells, "actor", reader.directory.person)
        team = reader.optional(cells, "team", reader.directory.team)
        if team is None and actor is not None:
            team = reader.directory.team_of(actor)
        return EventDraft(
            line, leads[named], word, at, actor, team, self._reason(cells, word), _note(cells, word), amount,
            currency, deal, deal_kind, product,
        )  # fmt: skip

    def _word(self, cells: Cells) -> str:
        word = normal_form(self.reader.needed(cells, "event"))
        if word not in VERB:
            raise self.reader.problem(cells, "event", f"The events are {', '.join(VERB)}.")
        return word

    def _reason(self, cells: Cells, word: str) -> Reason | None:
        verb = REASON_OF.get(word)
        if verb is None:
            return None
        return self.reader.optional(cells, "reason", lambda text: self.reader.directory.reason(verb, text))


def _note(cells: Cells, word: str) -> str:
    said = [cells.get("note", "")]
    if word not in REASON_OF:
        said.insert(0, cells.get("reason", ""))
    return "\n".join(filter(None, said))


def _deal_kind(text: str) -> str:
    kind = normal_form(text)
    if kind not in Deal.Kind.values:
        raise ValueError(f"The kinds of deals are {', '.join(Deal.Kind.values)}.")
    return kind


def _shown(cells: Cells) -> Cells:
    """What a refusal may still have to show."""
    return {name: cells[name] for name in ("lead_external_id", "event", "at") if name in cells}
